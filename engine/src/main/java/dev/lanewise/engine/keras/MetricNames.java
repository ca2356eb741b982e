package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.metric.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

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

  /** Adds the metrics of a key: names and objects. */
  void add(String key, List<JsonElement> elements, boolean weighted) {
    for (JsonElement element : elements) {
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

  /** Returns an output's metrics of one key as they are written; null if there are none. */
  static JsonElement write(OutputSpec output, boolean weighted, boolean oneUnit) {
    JsonArray array = new JsonArray();
    for (Metric metric : output.metrics()) {
      if (metric.weighted() == weighted) {
        String name = given(metric, output.metrics());
        array.add(MetricConfig.write(metric, name, output.loss(), oneUnit));
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

  /**
   * Returns each output's metrics of a key. One list, of another length than the outputs, is every
   * output's: so it was before Keras 3, which takes none.
   */
  static List<List<JsonElement>> ofOutputs(Config config, String key, List<String> names) {
    PerOutput given = new PerOutput(config, key, names);
    boolean all =
        names.size() == 1
            || (given.given() instanceof JsonArray list && list.size() != names.size());
    List<JsonElement> each =
        all ? Stream.generate(given::given).limit(names.size()).toList() : given.each();
    return each.stream().map(MetricNames::flat).toList();
  }

  private static List<JsonElement> flat(JsonElement element) {
    List<JsonElement> all = new ArrayList<>();
    collect(element, all);
    return all;
  }

  /** As deep as JSON may nest. */
  private static void collect(JsonElement element, List<JsonElement> all) {
    if (element instanceof JsonArray several) {
      several.forEach(inner -> collect(inner, all));
    } else if (PerOutput.isByName(element)) {
      new TreeMap<>(element.getAsJsonObject().asMap()).values().forEach(one -> collect(one, all));
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
