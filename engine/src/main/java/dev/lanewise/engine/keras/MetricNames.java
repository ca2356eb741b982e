package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The metrics of a model's settings under the names that Keras reports them by, and the names of
 * those that are not supported.
 */
final class MetricNames {
  private static final String WEIGHTED = "weighted_";

  private final List<Metric> supported = new ArrayList<>();
  private final Set<String> omitted = new LinkedHashSet<>();

  /** How many metrics have had a name. */
  private final Map<String, Integer> used = new HashMap<>();

  List<Metric> supported() {
    return List.copyOf(supported);
  }

  List<String> omitted() {
    return List.copyOf(omitted);
  }

  /** Adds the metrics of a key: a name, an object, or a list of such, one an output. */
  void add(Config config, String key, boolean weighted) {
    for (JsonElement element : flat(config, key)) {
      Metric metric = MetricConfig.readOrNull(element);
      if (metric == null) {
        omitted.add(weighted ? key + " " + name(element) : name(element));
      } else {
        supported.add(distinct(weighted ? metric.byWeight() : metric));
      }
    }
  }

  /** Of weighted metrics the first of a name that is taken says so, all others are numbered. */
  private Metric distinct(Metric metric) {
    String name = metric.name();
    if (metric.weighted() && used.containsKey(name)) {
      name = WEIGHTED + name;
    }
    int before = used.merge(name, 1, Integer::sum) - 1;
    return metric.named(before == 0 ? name : name + "_" + before);
  }

  /** Returns the metrics of one key as they are written; null if there are none. */
  static JsonElement write(List<Metric> metrics, boolean weighted, Loss loss, boolean oneUnit) {
    JsonArray array = new JsonArray();
    for (Metric metric : metrics) {
      if (metric.weighted() == weighted) {
        array.add(MetricConfig.write(metric, given(metric, metrics), loss, oneUnit));
      }
    }
    return array.isEmpty() ? JsonNull.INSTANCE : array;
  }

  /** Returns the name that becomes the metric's own when it is read. */
  private static String given(Metric metric, List<Metric> all) {
    if (metric.weighted() && metric.name().startsWith(WEIGHTED)) {
      String plain = metric.name().substring(WEIGHTED.length());
      if (all.stream().anyMatch(other -> !other.weighted() && other.name().equals(plain))) {
        return plain;
      }
    }
    return metric.name();
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

  private static String name(JsonElement element) {
    if (element instanceof JsonObject object) {
      JsonElement type = object.get("class_name");
      return LayerConfig.shortened(type instanceof JsonPrimitive name ? name.getAsString() : "?");
    }
    return LayerConfig.shortened(
        element instanceof JsonPrimitive name ? name.getAsString() : element.toString());
  }
}
