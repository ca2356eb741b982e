package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Rescaling;
import java.util.Set;

/** LayerNormalization and Rescaling as they are read and written. */
final class ScalingConfig {
  private static final Set<String> NORMALIZATION =
      LayerConfig.known("axis", "epsilon", "center", "scale");
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
    return new LayerNormalization(epsilon, config.bool("center", true), config.bool("scale", true));
  }

  /** An axis is a number, or the one in a list. */
  private static boolean isLast(Config config) {
    JsonElement axis = config.json().get("axis");
    if (axis instanceof JsonArray axes) {
      return axes.size() == 1 && LAST.contains(config.element("axis", axes.get(0)).number("axis"));
    }
    return LAST.contains(config.number("axis"));
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
    config.add("beta_initializer", InitializerConfig.write(Initializer.ZEROS));
    config.add("gamma_initializer", InitializerConfig.write(Initializer.ONES));
    LayerEntry.nulls(
        config, "beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint");
  }

  static void write(JsonObject config, Rescaling layer) {
    config.addProperty("scale", layer.scale());
    config.addProperty("offset", layer.offset());
  }
}
