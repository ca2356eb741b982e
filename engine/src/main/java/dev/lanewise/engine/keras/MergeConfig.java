package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Attention.ScoreMode;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Pointwise;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of layers that make one value of several. */
final class MergeConfig {
  private static final Set<String> POINTWISE = LayerConfig.known(MaskRules.KEY);
  private static final Set<String> CONCATENATE = LayerConfig.known("axis", MaskRules.KEY);
  private static final Set<String> DOT = LayerConfig.known("axes", "normalize");
  private static final Set<String> ATTENTION =
      LayerConfig.known("use_scale", "score_mode", "dropout", "causal");

  private MergeConfig() {}

  /** Reads a layer, or returns null if the class is none of them. */
  static @Nullable Merge readOrNull(String type, Config config, List<Obstacle> obstacles) {
    return switch (type) {
      case "Add" -> plain(config, Pointwise.ADD);
      case "Subtract" -> plain(config, Pointwise.SUBTRACT);
      case "Multiply" -> plain(config, Pointwise.MULTIPLY);
      case "Average" -> plain(config, Pointwise.AVERAGE);
      case "Maximum" -> plain(config, Pointwise.MAXIMUM);
      case "Minimum" -> plain(config, Pointwise.MINIMUM);
      case "Concatenate" -> concatenate(config);
      case "Dot" -> dot(config);
      case "Attention" -> {
        requireAttention(config, obstacles);
        yield new Attention(config.bool("use_scale", false), mode(config), causal(config));
      }
      case "AdditiveAttention" -> {
        requireAttention(config, obstacles);
        yield new AdditiveAttention(config.bool("use_scale", true), causal(config));
      }
      case "MultiHeadAttention" -> HeadsConfig.read(config);
      default -> null;
    };
  }

  private static Merge plain(Config config, Pointwise merge) {
    config.requireKnown(POINTWISE);
    return merge.withRule(MaskRules.read(config));
  }

  private static Concatenate concatenate(Config config) {
    config.requireKnown(CONCATENATE);
    int axis = config.has("axis") ? (int) config.whole("axis", -4, 4) : -1;
    if (axis == 0) {
      throw config.wrong("axis", "one of features or steps");
    }
    return new Concatenate(axis, MaskRules.read(config));
  }

  private static Dot dot(Config config) {
    config.requireKnown(DOT);
    boolean normalize = config.bool("normalize", false);
    if (config.json().get("axes") instanceof JsonArray pair) {
      if (pair.size() != 2) {
        throw config.wrong("axes", "a whole number, or two");
      }
      Config first = config.element("axes", pair.get(0));
      Config second = config.element("axes", pair.get(1));
      return new Dot(axis(first), axis(second), normalize);
    }
    int axis = axis(config);
    return new Dot(axis, axis, normalize);
  }

  private static int axis(Config config) {
    return (int) config.whole("axes", -4, 4);
  }

  private static void requireAttention(Config config, List<Obstacle> obstacles) {
    config.requireKnown(ATTENTION);
    if (config.rate("dropout", 0) != 0) {
      obstacles.add(
          new Obstacle(
              config.where()
                  + ": key dropout with value "
                  + config.value("dropout")
                  + " is supported in prediction alone",
              false));
    }
  }

  private static ScoreMode mode(Config config) {
    String mode = config.has("score_mode") ? config.string("score_mode") : "dot";
    return switch (mode) {
      case "dot" -> ScoreMode.DOT;
      case "concat" -> ScoreMode.CONCAT;
      default -> throw config.wrong("score_mode", "dot or concat");
    };
  }

  /** Keras 2 had it as a setting of the layer; since Keras 3 it is one of the call. */
  private static boolean causal(Config config) {
    return config.bool("causal", false);
  }

  /** Returns an attention that is called with flags; null where it cannot be. */
  static @Nullable Merge toldOrNull(Object layer, Set<String> flags) {
    Object told = flags.contains(LayerCall.CAUSAL) ? causalOrNull(layer) : layer;
    if (flags.contains(LayerCall.ATTENTION_MASK)) {
      told = told instanceof MultiHeadAttention heads ? heads.withAttentionMask() : null;
    }
    if (flags.contains(LayerCall.SCORES)) {
      told = scoringOrNull(told);
    }
    return told instanceof Merge merge ? merge : null;
  }

  private static @Nullable Merge scoringOrNull(@Nullable Object layer) {
    return switch (layer) {
      case Attention attention -> attention.givingScores();
      case AdditiveAttention attention -> attention.givingScores();
      case MultiHeadAttention attention -> attention.givingScores();
      case null, default -> null;
    };
  }

  /** Returns whether a layer is called to give its softmax, too. */
  static boolean givesScores(Merge layer) {
    return switch (layer) {
      case Attention attention -> attention.scoresGiven();
      case AdditiveAttention attention -> attention.scoresGiven();
      case MultiHeadAttention attention -> attention.scoresGiven();
      default -> false;
    };
  }

  private static @Nullable Merge causalOrNull(Object layer) {
    return switch (layer) {
      case Attention attention ->
          new Attention(attention.useScale(), attention.scoreMode(), true, attention.scoresGiven());
      case AdditiveAttention attention ->
          new AdditiveAttention(attention.useScale(), true, attention.scoresGiven());
      case MultiHeadAttention attention -> attention.seeingNothingAhead();
      default -> null;
    };
  }

  /** Returns whether a layer is called with a causal mask. */
  static boolean isCausal(Object layer) {
    return switch (layer) {
      case Attention attention -> attention.causal();
      case AdditiveAttention attention -> attention.causal();
      case MultiHeadAttention attention -> attention.causal();
      default -> false;
    };
  }

  /** Writes a layer's own settings. */
  static void write(JsonObject config, Merge merge) {
    switch (merge) {
      case Pointwise each -> MaskRules.write(config, each.rule());
      case Concatenate side -> {
        config.addProperty("axis", side.axis());
        MaskRules.write(config, side.rule());
      }
      case Dot dot -> {
        JsonArray axes = new JsonArray();
        axes.add(dot.firstAxis());
        axes.add(dot.secondAxis());
        config.add("axes", axes);
        config.addProperty("normalize", dot.normalize());
      }
      case Attention attention -> {
        config.addProperty("use_scale", attention.useScale());
        config.addProperty("score_mode", attention.scoreMode().name().toLowerCase(Locale.ROOT));
        config.addProperty("dropout", 0.0);
      }
      case AdditiveAttention attention -> {
        config.addProperty("use_scale", attention.useScale());
        config.addProperty("dropout", 0.0);
      }
      case MultiHeadAttention attention -> HeadsConfig.write(config, attention);
    }
  }
}
