package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.UnitNormalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Layers that shift and stretch what they read, as they are read and written. */
final class ScalingConfig {
  private static final Set<String> NORMALIZATION =
      LayerConfig.known("axis", "epsilon", "center", "scale");
  private static final Set<String> ADAPTED =
      LayerConfig.known("axis", "mean", "variance", "invert");
  private static final Set<String> GROUPS =
      LayerConfig.known("groups", "axis", "epsilon", "center", "scale");
  private static final Set<String> UNIT = LayerConfig.known("axis");
  private static final Set<String> RMS = LayerConfig.known("axis", "epsilon");
  private static final Set<String> RESCALING = LayerConfig.known("scale", "offset");

  private static final List<Integer> LAST = List.of(-1);
  private static final int MOST = 1 << 24;

  /** As many as a sample has, and more. */
  private static final int MOST_SIZES = 8;

  private ScalingConfig() {}

  static LayerNormalization layerNormalization(Config config) {
    config.requireKnown(NORMALIZATION);
    double epsilon = config.number("epsilon", LayerNormalization.DEFAULT_EPSILON);
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw config.wrong("epsilon", "a number above 0");
    }
    List<Integer> axes = ownAxes(config);
    return new LayerNormalization(
        axes,
        epsilon,
        config.bool("center", true),
        config.bool("scale", true),
        RulesConfig.read(config, RulesConfig.GAMMA, Initializer.ONES, axes.size()),
        RulesConfig.read(config, RulesConfig.BETA, Initializer.ZEROS, axes.size()));
  }

  static GroupNormalization groupNormalization(Config config) {
    config.requireKnown(GROUPS);
    int groups = GroupNormalization.DEFAULT_GROUPS;
    if (config.has("groups")) {
      groups = (int) config.whole("groups", -1, MOST);
    }
    List<Integer> axes = ownAxes(config);
    if (axes.size() != 1) {
      throw config.wrong("axis", "one axis");
    }
    return new GroupNormalization(
        groups,
        axes.getFirst(),
        config.number("epsilon", GroupNormalization.DEFAULT_EPSILON),
        config.bool("center", true),
        config.bool("scale", true),
        RulesConfig.read(config, RulesConfig.GAMMA, Initializer.ONES, 1),
        RulesConfig.read(config, RulesConfig.BETA, Initializer.ZEROS, 1));
  }

  /** Returns axes that may not be the batch's: a number, or some in a list; absent, the last. */
  static List<Integer> ownAxes(Config config) {
    if (!config.has("axis")) {
      return LAST;
    }
    List<Integer> axes = new ArrayList<>();
    for (JsonElement axis : listed(config, "axis")) {
      axes.add((int) config.element("axis", axis).whole("axis", -MOST_SIZES, MOST_SIZES));
    }
    if (axes.isEmpty() || axes.contains(0)) {
      throw config.wrong("axis", "axes of a sample, of which the batch's, 0, is none");
    }
    return axes;
  }

  /** RMSNormalization alone is along the last axis, whose number in sequences is 2. */
  private static void requireLast(Config config) {
    List<Integer> axes = ownAxes(config);
    if (!axes.equals(LAST) && !axes.equals(List.of(2))) {
      throw config.wrong("axis", "the last, -1");
    }
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
      axes.add((int) config.element("axis", axis).whole("axis", -4, 4));
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
    config.add("axis", written(layer.axes()));
    config.addProperty("invert", layer.invert());
    config.add("mean", oneOrMore(layer.mean()));
    config.add("variance", oneOrMore(layer.variance()));
  }

  /** One number stands for all places, whatever the axes. */
  private static JsonElement oneOrMore(List<Double> numbers) {
    JsonArray list = written(numbers);
    return switch (numbers.size()) {
      case 0 -> JsonNull.INSTANCE;
      case 1 -> list.get(0);
      default -> list;
    };
  }

  private static JsonArray written(List<? extends Number> numbers) {
    JsonArray list = new JsonArray();
    numbers.forEach(list::add);
    return list;
  }

  static UnitNormalization unitNormalization(Config config) {
    config.requireKnown(UNIT);
    return new UnitNormalization(ownAxes(config));
  }

  static void write(JsonObject config, UnitNormalization layer) {
    JsonArray axes = written(layer.axes());
    config.add("axis", axes.size() == 1 ? axes.get(0) : axes);
  }

  static RmsNormalization rmsNormalization(Config config) {
    config.requireKnown(RMS);
    requireLast(config);
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
    config.add("axis", written(layer.axes()));
    config.addProperty("epsilon", layer.epsilon());
    config.addProperty("center", layer.center());
    config.addProperty("scale", layer.scale());
    config.addProperty("rms_scaling", false);
    RulesConfig.writeInitializers(config, layer);
    RulesConfig.writeRegularizers(config, layer);
    RulesConfig.writeConstraints(config, layer);
  }

  static void write(JsonObject config, GroupNormalization layer) {
    config.addProperty("groups", layer.groups());
    config.addProperty("axis", layer.axis());
    config.addProperty("epsilon", layer.epsilon());
    config.addProperty("center", layer.center());
    config.addProperty("scale", layer.scale());
    RulesConfig.writeInitializers(config, layer);
    RulesConfig.writeRegularizers(config, layer);
    RulesConfig.writeConstraints(config, layer);
  }

  static void write(JsonObject config, Rescaling layer) {
    config.addProperty("scale", layer.scale());
    config.addProperty("offset", layer.offset());
  }
}
