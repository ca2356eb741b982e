package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.UnitNormalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** LayerNormalization, Normalization and Rescaling as they are read and written. */
final class ScalingConfig {
  private static final Set<String> NORMALIZATION =
      LayerConfig.known("axis", "epsilon", "center", "scale");
  private static final Set<String> ADAPTED =
      LayerConfig.known("axis", "mean", "variance", "invert");
  private static final Set<String> UNIT = LayerConfig.known("axis");
  private static final Set<String> RMS = LayerConfig.known("axis", "epsilon");
  private static final Set<String> RESCALING = LayerConfig.known("scale", "offset");

  /** The last axis by its number from the end, and by that of a sequence's from the front. */
  private static final Set<Double> LAST = Set.of(-1.0, 2.0);

  private ScalingConfig() {}

  static LayerNormalization layerNormalization(Config config) {
    config.requireKnown(NORMALIZATION);
    if (config.has("axis") && !isLast(config)) {
      throw config.wrong("axis", "the last, -1");
    }
    double epsilon = config.number("epsilon", LayerNormalization.DEFAULT_EPSILON);
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw config.wrong("epsilon", "a number above 0");
    }
    return new LayerNormalization(
        epsilon,
        config.bool("center", true),
        config.bool("scale", true),
        RulesConfig.read(config, RulesConfig.GAMMA, Initializer.ONES, 1),
        RulesConfig.read(config, RulesConfig.BETA, Initializer.ZEROS, 1));
  }

  /** An axis is a number, or the one in a list. */
  private static boolean isLast(Config config) {
    JsonElement axis = config.json().get("axis");
    if (axis instanceof JsonArray axes) {
      return axes.size() == 1 && LAST.contains(config.element("axis", axes.get(0)).number("axis"));
    }
    return LAST.contains(config.number("axis"));
  }

  static Normalization normalization(Config config) {
    config.requireKnown(ADAPTED);
    return new Normalization(
        axes(config),
        numbers(config, "mean"),
        numbers(config, "variance"),
        config.bool("invert", false));
  }

  /** Absent they are the last; null, or none in the list, makes one mean of all. */
  private static List<Integer> axes(Config config) {
    if (!config.json().has("axis")) {
      return List.of(-1);
    }
    List<Integer> axes = new ArrayList<>();
    for (JsonElement axis : listed(config, "axis")) {
      axes.add((int) config.element("axis", axis).whole("axis", -2, 2));
    }
    return axes;
  }

  private static List<Double> numbers(Config config, String key) {
    List<Double> numbers = new ArrayList<>();
    for (JsonElement number : listed(config, key)) {
      numbers.add(config.element(key, number).number(key));
    }
    return numbers;
  }

  /** Returns one value as a list of it, and none as an empty one. */
  private static List<JsonElement> listed(Config config, String key) {
    if (!config.has(key)) {
      return List.of();
    }
    JsonElement value = config.json().get(key);
    return value instanceof JsonArray several ? several.asList() : List.of(value);
  }

  static void write(JsonObject config, Normalization layer) {
    JsonArray axes = new JsonArray();
    layer.axes().forEach(axes::add);
    config.add("axis", axes);
    config.addProperty("invert", layer.invert());
    config.add("mean", written(layer.mean()));
    config.add("variance", written(layer.variance()));
  }

  /** One number stands for all places, whatever the axes. */
  private static JsonElement written(List<Double> numbers) {
    JsonArray list = new JsonArray();
    numbers.forEach(list::add);
    return switch (numbers.size()) {
      case 0 -> JsonNull.INSTANCE;
      case 1 -> list.get(0);
      default -> list;
    };
  }

  static UnitNormalization unitNormalization(Config config) {
    config.requireKnown(UNIT);
    if (config.has("axis") && !isLast(config)) {
      throw config.wrong("axis", "the last, -1");
    }
    return new UnitNormalization();
  }

  static RmsNormalization rmsNormalization(Config config) {
    config.requireKnown(RMS);
    if (config.has("axis") && !isLast(config)) {
      throw config.wrong("axis", "the last, -1");
    }
    double epsilon = config.number("epsilon", RmsNormalization.DEFAULT_EPSILON);
    if (!(epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
      throw config.wrong("epsilon", "a number above 0");
    }
    return new RmsNormalization(epsilon);
  }

  static Rescaling rescaling(Config config) {
    config.requireKnown(RESCALING);
    double scale = config.number("scale");
    double offset = config.number("offset", 0);
    if (!Double.isFinite(scale) || !Double.isFinite(offset)) {
      throw config.wrong(Double.isFinite(scale) ? "offset" : "scale", "a finite number");
    }
    return new Rescaling(scale, offset);
  }

  static void write(JsonObject config, LayerNormalization layer) {
    JsonArray axes = new JsonArray();
    axes.add(-1);
    config.add("axis", axes);
    config.addProperty("epsilon", layer.epsilon());
    config.addProperty("center", layer.center());
    config.addProperty("scale", layer.scale());
    config.addProperty("rms_scaling", false);
    RulesConfig.writeInitializers(config, layer);
    RulesConfig.writeRegularizers(config, layer);
    RulesConfig.writeConstraints(config, layer);
  }

  static void write(JsonObject config, Rescaling layer) {
    config.addProperty("scale", layer.scale());
    config.addProperty("offset", layer.offset());
  }
}
