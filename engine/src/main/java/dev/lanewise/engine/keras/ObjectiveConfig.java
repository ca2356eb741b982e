package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.NamedOptimizer;
import dev.lanewise.engine.keras.SavedModel.Objective;
import dev.lanewise.engine.loss.Loss;
import java.util.Set;

/**
 * Loss and metrics among the settings of {@code compile}: {@code compile_config}, or a legacy
 * {@code training_config}.
 */
final class ObjectiveConfig {
  /** Keys that are read, and those that change nothing. */
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
   * @throws ModelFormatException naming what of the loss is not supported
   */
  static Objective read(Config config) {
    config.requireKnown(KNOWN);
    Loss loss = LossConfig.read(config);
    MetricNames metrics = new MetricNames();
    metrics.add(config, "metrics", false);
    metrics.add(config, "weighted_metrics", true);
    return new Objective(loss, metrics.supported(), metrics.omitted());
  }

  /**
   * Returns the settings as {@code compile_config}.
   *
   * @param oneUnit whether the model has one output, whose accuracy is another than that of several
   */
  static JsonObject write(Objective objective, NamedOptimizer optimizer, boolean oneUnit) {
    JsonObject config = new JsonObject();
    config.add("optimizer", OptimizerConfig.write(optimizer.rule(), optimizer.name()));
    config.add("loss", LossConfig.write(objective.loss()));
    config.add("loss_weights", JsonNull.INSTANCE);
    config.add("metrics", metrics(objective, false, oneUnit));
    config.add("weighted_metrics", metrics(objective, true, oneUnit));
    config.addProperty("run_eagerly", false);
    config.addProperty("steps_per_execution", 1);
    config.addProperty("jit_compile", true);
    return config;
  }

  private static JsonElement metrics(Objective objective, boolean weighted, boolean oneUnit) {
    return MetricNames.write(objective.metrics(), weighted, objective.loss(), oneUnit);
  }
}
