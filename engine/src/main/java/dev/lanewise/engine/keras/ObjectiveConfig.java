package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedOptimizer;
import dev.lanewise.engine.keras.SavedModel.Objective;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.Set;

/**
 * Loss and metrics among the settings of {@code compile}: {@code compile_config}, or a legacy
 * {@code training_config}.
 */
final class ObjectiveConfig {
  /** Keys that are read, and those that change nothing where no sample has a weight. */
  private static final Set<String> KNOWN =
      Set.of(
          "loss",
          "optimizer",
          "optimizer_config",
          "metrics",
          "weighted_metrics",
          "run_eagerly",
          "steps_per_execution",
          "jit_compile",
          "auto_scale_loss",
          "sample_weight_mode");

  private ObjectiveConfig() {}

  /**
   * Reads loss and metrics.
   *
   * @param oneUnit whether the model has one output, whose accuracy is another than that of several
   * @throws ModelFormatException naming what of the loss is not supported
   */
  static Objective read(Config config, boolean oneUnit) {
    config.requireKnown(KNOWN);
    Loss loss = LossConfig.read(config);
    MetricNames metrics = new MetricNames(oneUnit);
    metrics.add(config, "metrics");
    metrics.omit(config, "weighted_metrics");
    return new Objective(loss, metrics.supported(), metrics.omitted());
  }

  /** Returns the settings as {@code compile_config}. */
  static JsonObject write(Objective objective, NamedOptimizer optimizer) {
    JsonObject config = new JsonObject();
    config.add("optimizer", OptimizerConfig.write(optimizer.rule(), optimizer.name()));
    config.addProperty("loss", objective.loss().kerasName());
    config.add("loss_weights", JsonNull.INSTANCE);
    config.add("metrics", names(objective.metrics()));
    config.add("weighted_metrics", JsonNull.INSTANCE);
    config.addProperty("run_eagerly", false);
    config.addProperty("steps_per_execution", 1);
    config.addProperty("jit_compile", true);
    return config;
  }

  private static JsonElement names(List<Metric> metrics) {
    JsonArray names = new JsonArray();
    metrics.forEach(metric -> names.add(metric.kerasName()));
    return names.isEmpty() ? JsonNull.INSTANCE : names;
  }
}
