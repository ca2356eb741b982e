package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.metric.Metric;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The metrics of a model's settings, those that are supported and the names of the others. */
final class MetricNames {
  /** Settings that leave a metric what it is by default. */
  private static final Set<String> KNOWN = Set.of("name", "dtype", "fn");

  private final boolean oneUnit;
  private final Set<Metric> supported = new LinkedHashSet<>();
  private final Set<String> omitted = new LinkedHashSet<>();

  /**
   * Creates an empty list.
   *
   * @param oneUnit whether the model has one output
   */
  MetricNames(boolean oneUnit) {
    this.oneUnit = oneUnit;
  }

  List<Metric> supported() {
    return List.copyOf(supported);
  }

  List<String> omitted() {
    return List.copyOf(omitted);
  }

  /** Adds the metrics of a key: a name, an object, or a list of such, one an output. */
  void add(Config config, String key) {
    for (JsonElement element : flat(config, key)) {
      Metric metric = metricOrNull(element);
      if (metric == null) {
        omitted.add(name(element));
      } else {
        supported.add(metric);
      }
    }
  }

  /** Adds the names of a key's metrics to those that are not supported. */
  void omit(Config config, String key) {
    flat(config, key).forEach(element -> omitted.add(key + " " + name(element)));
  }

  private static List<JsonElement> flat(Config config, String key) {
    List<JsonElement> all = new ArrayList<>();
    if (config.has(key)) {
      collect(config.json().get(key), all);
    }
    return all;
  }

  /** As deep as JSON may nest. */
  private static void collect(JsonElement element, List<JsonElement> all) {
    if (element instanceof JsonArray several) {
      several.forEach(inner -> collect(inner, all));
    } else if (!element.isJsonNull()) {
      all.add(element);
    }
  }

  private @Nullable Metric metricOrNull(JsonElement element) {
    String name = null;
    if (element instanceof JsonObject json) {
      name = className(new Config("metric", json));
    } else if (element.isJsonPrimitive()) {
      name = element.getAsString();
    }
    return switch (name) {
      case "accuracy", "acc" -> Metric.ACCURACY;
      case "categorical_accuracy",
          "sparse_categorical_accuracy",
          "CategoricalAccuracy",
          "SparseCategoricalAccuracy" ->
          oneUnit ? null : Metric.ACCURACY; // the argmax of one value is always right
      case "binary_accuracy" -> oneUnit ? Metric.ACCURACY : null;
      case "mae", "MAE", "mean_absolute_error", "MeanAbsoluteError" -> Metric.MEAN_ABSOLUTE_ERROR;
      case null, default -> null;
    };
  }

  /** Returns the class of an object that is a metric as Keras has it, or null. */
  private static @Nullable String className(Config object) {
    try {
      if ("function".equals(object.stringOrNull("class_name"))) {
        return object.stringOrNull("config");
      }
      Config options = object.child("config");
      options.requireKnown(KNOWN);
      String type = object.className();
      return type.equals("MeanMetricWrapper") ? options.stringOrNull("fn") : type;
    } catch (ModelFormatException e) {
      return null; // it is named among those that are not supported
    }
  }

  private static String name(JsonElement element) {
    if (element instanceof JsonObject object) {
      JsonElement type = object.get("class_name");
      return LayerConfig.shortened(type instanceof JsonPrimitive name ? name.getAsString() : "?");
    }
    return LayerConfig.shortened(
        element instanceof JsonPrimitive name ? name.getAsString() : element.toString());
  }
}
