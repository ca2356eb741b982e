package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.keras.SavedModel.NamedOptimizer;
import dev.lanewise.engine.keras.SavedModel.Objective;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
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
          "loss_weights",
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
   * Reads losses and metrics.
   *
   * @param names the outputs' names, in order
   * @throws ModelFormatException naming what of a loss is not supported
   */
  static Objective read(Config config, List<String> names) {
    config.requireKnown(KNOWN);
    if (names.size() > 1 && Set.copyOf(names).size() < names.size()) {
      throw new ModelFormatException(
          config.where()
              + ": two outputs have one name, of "
              + LayerConfig.shortened(String.join(", ", names))
              + ", so that what is reported of them cannot be told apart");
    }
    List<Loss> losses = losses(config, names);
    double[] weights = weights(config, names);
    List<List<JsonElement>> metrics = MetricNames.ofOutputs(config, "metrics", names);
    List<List<JsonElement>> weighted = MetricNames.ofOutputs(config, "weighted_metrics", names);
    List<OutputSpec> outputs = new ArrayList<>();
    List<String> omitted = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      MetricNames own = new MetricNames();
      own.add("metrics", metrics.get(i), false);
      own.add("weighted_metrics", weighted.get(i), true);
      omitted.addAll(own.omitted());
      OutputSpec output =
          names.size() == 1
              ? OutputSpec.only(losses.get(i), own.supported())
              : new OutputSpec(names.get(i), losses.get(i), 1, own.supported());
      outputs.add(output.withWeight(weights[i]));
    }
    try {
      OutputSpec.reported(outputs);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
    return new Objective(outputs, omitted);
  }

  /**
   * Leaves out, by name, metrics that Keras has of other outputs than the model's.
   *
   * @throws ModelFormatException if a loss is of other outputs
   */
  static Objective ofOutputs(Objective read, Graph graph) {
    List<OutputSpec> outputs = new ArrayList<>();
    List<String> omitted = new ArrayList<>(read.omitted());
    for (int i = 0; i < read.outputs().size(); i++) {
      OutputSpec output = read.outputs().get(i);
      Shape shape = graph.shapes().get(graph.outputs().get(i));
      List<Metric> metrics = new ArrayList<>(output.metrics());
      boolean none = output.loss() instanceof Ctc; // with which Keras takes metrics, and then fails
      metrics.removeIf(metric -> none || metric.measure().fault(shape) != null);
      output.metrics().stream()
          .filter(metric -> !metrics.contains(metric))
          .forEach(metric -> omitted.add(metric.name()));
      outputs.add(new OutputSpec(output.name(), output.loss(), output.weight(), metrics));
    }
    try { // a model looks at whether they are of its outputs, whatever it learns by
      return new Objective(new ModelSpec(graph, outputs, Sgd.of(1)).outputs(), omitted);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException("compile_config: " + e.getMessage(), e);
    }
  }

  private static List<Loss> losses(Config config, List<String> names) {
    List<Loss> losses = new ArrayList<>();
    List<JsonElement> each = new PerOutput(config, "loss", names).each();
    for (int i = 0; i < names.size(); i++) {
      if (each.get(i).isJsonNull() && names.size() > 1) {
        throw new ModelFormatException(
            config.where()
                + ": has no loss of output "
                + LayerConfig.shortened(names.get(i))
                + ", and outputs without one are supported in prediction alone");
      }
      losses.add(LossConfig.read(config.element("loss", each.get(i))));
    }
    return losses;
  }

  private static double[] weights(Config config, List<String> names) {
    PerOutput weights = new PerOutput(config, "loss_weights", names);
    List<String> sorted = names.stream().sorted().toList();
    JsonElement losses = new PerOutput(config, "loss", names).given();
    if (losses.isJsonArray()
        && PerOutput.isByName(weights.given())
        && !sorted.equals(names)) { // Keras takes them by the order of their names
      throw config.wrong("loss_weights", "a list, as loss is one");
    }
    return weights.numbers(1);
  }

  /**
   * Returns the settings as {@code compile_config}.
   *
   * @param model whose single units have another accuracy than several
   */
  static JsonObject write(Objective objective, NamedOptimizer optimizer, ModelSpec model) {
    List<OutputSpec> outputs = objective.outputs();
    JsonArray losses = new JsonArray();
    JsonArray weights = new JsonArray();
    JsonArray metrics = new JsonArray();
    JsonArray weighted = new JsonArray();
    for (int i = 0; i < outputs.size(); i++) {
      OutputSpec output = outputs.get(i);
      boolean oneUnit = model.shapeOf(i).size(-1) == 1;
      losses.add(LossConfig.write(output.loss()));
      weights.add(output.weight());
      metrics.add(MetricNames.write(output, false, oneUnit));
      weighted.add(MetricNames.write(output, true, oneUnit));
    }
    boolean alike = outputs.stream().allMatch(output -> output.weight() == 1);
    JsonObject config = new JsonObject();
    config.add("optimizer", OptimizerConfig.write(optimizer.rule(), optimizer.name()));
    config.add("loss", ofOutputs(losses));
    config.add("loss_weights", alike ? JsonNull.INSTANCE : ofOutputs(weights));
    config.add("metrics", ofOutputs(metrics));
    config.add("weighted_metrics", ofOutputs(weighted));
    config.addProperty("run_eagerly", false);
    config.addProperty("steps_per_execution", 1);
    config.addProperty("jit_compile", true);
    return config;
  }

  /** Returns a setting of one output as it is, of several as a list; null if none has any. */
  private static JsonElement ofOutputs(JsonArray each) {
    boolean none = each.asList().stream().allMatch(JsonElement::isJsonNull);
    return none ? JsonNull.INSTANCE : each.size() == 1 ? each.get(0) : each;
  }
}
