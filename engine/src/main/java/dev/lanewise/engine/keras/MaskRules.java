package dev.lanewise.engine.keras;

import com.google.gson.JsonObject;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What masks become, by a key that Keras does not have: models of Keras 2 keep its rule in merges
 * where Keras 3's would do something else, and only there, so that what is written of the others is
 * Keras 3's again.
 */
final class MaskRules {
  static final String KEY = "mask_rule";

  private static final Set<String> LAYERS =
      Set.of(
          "Add",
          "Subtract",
          "Multiply",
          "Average",
          "Maximum",
          "Minimum",
          "Concatenate",
          "TimeDistributed");

  private MaskRules() {}

  /** Adds what a layer of Keras 2 does not say. */
  static void addSecond(String type, JsonObject config) {
    if (LAYERS.contains(type)) {
      config.addProperty(KEY, name(MaskRule.KERAS_2));
    }
  }

  private static String name(MaskRule rule) {
    return rule.name().toLowerCase(Locale.ROOT);
  }

  static MaskRule read(Config config) {
    String rule = config.has(KEY) ? config.string(KEY) : name(MaskRule.KERAS_3);
    for (MaskRule each : MaskRule.values()) {
      if (name(each).equals(rule)) {
        return each;
      }
    }
    throw config.wrong(KEY, "keras_3 or keras_2");
  }

  static void write(JsonObject config, MaskRule rule) {
    if (rule != MaskRule.KERAS_3) {
      config.addProperty(KEY, name(rule));
    }
  }

  /** Returns a layer by Keras 3's rule if none of its calls shows which it is. */
  static Layer settled(Layer layer, List<Node> calls, MaskFlow masks, List<Shape> shapes) {
    Merge other =
        switch (layer.unfrozen()) {
          case Pointwise each when each.rule() != MaskRule.KERAS_3 ->
              each.withRule(MaskRule.KERAS_3);
          case Concatenate side when side.rule() != MaskRule.KERAS_3 ->
              side.withRule(MaskRule.KERAS_3);
          default -> null; // has no rule, or that one
        };
    if (other == null || calls.stream().anyMatch(call -> shows(other, call, masks, shapes))) {
      return layer;
    }
    return layer.trainable() ? other : other.frozen();
  }

  private static boolean shows(Merge merge, Node call, MaskFlow masks, List<Shape> shapes) {
    boolean elements =
        merge instanceof Pointwise each
            && each.heedsMasks()
            && call.reads().stream().anyMatch(value -> masks.of(value) != null);
    boolean inTurn =
        merge instanceof Concatenate side
            && !side.ofFeatures(shapes.get(call.reads().getFirst()).rank());
    boolean alike = call.reads().stream().map(masks::of).distinct().count() == 1;
    return elements || !(inTurn || alike);
  }
}
