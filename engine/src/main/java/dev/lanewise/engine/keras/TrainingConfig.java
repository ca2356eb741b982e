package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.Training;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The settings of {@code compile}: {@code compile_config}, or a legacy {@code training_config}. */
final class TrainingConfig {
  private TrainingConfig() {}

  /**
   * Reads the settings.
   *
   * @throws ModelFormatException naming what is not supported
   */
  static Training read(Config config) {
    for (String key : List.of("loss_weights", "weighted_metrics", "sample_weight_mode")) {
      if (config.has(key)) {
        throw config.wrong(key, "null");
      }
    }
    String key = config.has("optimizer_config") ? "optimizer_config" : "optimizer";
    Optimizer optimizer;
    String name;
    String plain = config.stringOrNull(key);
    if (plain != null) {
      optimizer = OptimizerConfig.named(plain, config.where());
      name = optimizer.kerasName();
    } else {
      Config object = config.child(key);
      optimizer = OptimizerConfig.read(object);
      String own = object.child("config").stringOrNull("name");
      name = own != null ? own : optimizer.kerasName();
    }
    return new Training(loss(config), optimizer, name, metrics(config));
  }

  private static Loss loss(Config config) {
    String name = config.stringOrNull("loss");
    if (name == null) {
      Config object = config.child("loss");
      name = object.string("class_name");
      Config options = object.child("config").at("loss " + LayerConfig.shortened(name));
      options.requireKnown(
          Set.of("name", "reduction", "fn", "dtype", "axis", "from_logits", "label_smoothing"));
      if (options.bool("from_logits", false) || options.number("label_smoothing", 0) != 0) {
        throw new ModelFormatException(
            options.where() + ": from_logits and label_smoothing are not supported");
      }
    }
    for (Loss loss : Loss.values()) {
      if (sameName(name, loss.kerasName())) {
        return loss;
      }
    }
    if (name.equals("mse")) {
      return Loss.MEAN_SQUARED_ERROR;
    }
    throw new ModelFormatException(
        config.where() + ": loss " + LayerConfig.shortened(name) + " is not supported");
  }

  /** Metrics that are not known here are left out: they decide no weight and no prediction. */
  private static List<Metric> metrics(Config config) {
    Set<Metric> metrics = new LinkedHashSet<>();
    if (config.has("metrics")) {
      collect(config.json().get("metrics"), metrics, 0);
    }
    return new ArrayList<>(metrics);
  }

  /** A metric is a name, an object with a class, or a list of such, one an output. */
  private static void collect(JsonElement element, Set<Metric> metrics, int depth) {
    if (element.isJsonArray() && depth < 2) {
      for (JsonElement inner : element.getAsJsonArray()) {
        collect(inner, metrics, depth + 1);
      }
    } else if (element.isJsonPrimitive()) {
      named(element.getAsString(), metrics);
    } else if (element.isJsonObject()) {
      JsonElement type = element.getAsJsonObject().get("class_name");
      if (type != null && type.isJsonPrimitive()) {
        named(type.getAsString(), metrics);
      }
    }
  }

  private static void named(String name, Set<Metric> metrics) {
    switch (name) {
      case "accuracy",
          "acc",
          "categorical_accuracy",
          "sparse_categorical_accuracy",
          "CategoricalAccuracy",
          "SparseCategoricalAccuracy" ->
          metrics.add(Metric.ACCURACY);
      case "mae", "mean_absolute_error", "MeanAbsoluteError" ->
          metrics.add(Metric.MEAN_ABSOLUTE_ERROR);
      default -> {}
    }
  }

  private static boolean sameName(String found, String kerasName) {
    return found.replace("_", "").toLowerCase(Locale.ROOT).equals(kerasName.replace("_", ""));
  }

  /** Returns the settings as {@code compile_config}. */
  static JsonObject write(Training training) {
    JsonObject config = new JsonObject();
    config.add("optimizer", OptimizerConfig.write(training.optimizer(), training.optimizerName()));
    config.addProperty("loss", training.loss().kerasName());
    config.add("loss_weights", JsonNull.INSTANCE);
    JsonArray metrics = new JsonArray();
    training.metrics().forEach(metric -> metrics.add(metric.kerasName()));
    config.add("metrics", metrics.isEmpty() ? JsonNull.INSTANCE : metrics);
    config.add("weighted_metrics", JsonNull.INSTANCE);
    config.addProperty("run_eagerly", false);
    config.addProperty("steps_per_execution", 1);
    config.addProperty("jit_compile", true);
    return config;
  }
}
