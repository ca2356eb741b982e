package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.TimeDistributed;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The settings of layers around other layers as they are read. */
final class WrapperConfig {
  private static final Set<String> BIDIRECTIONAL =
      LayerConfig.known("merge_mode", "layer", "backward_layer");
  private static final Set<String> TIME_DISTRIBUTED = LayerConfig.known("layer", MaskRules.KEY);

  /** Where layers have those that they hold. */
  private static final List<String> INNER = List.of("layer", "backward_layer", "cell");

  private static final String DOES_NOTHING =
      ": of ActivityRegularization, which does nothing in Keras, is supported in prediction alone";

  private WrapperConfig() {}

  static Layer timeDistributed(Config config, List<Obstacle> obstacles) {
    config.requireKnown(TIME_DISTRIBUTED);
    Layer layer = LayerConfig.read(config.child("layer"), obstacles).layer();
    if (ActivityRegularization.isOf(layer)) { // whose penalty Keras leaves out, as that of a key
      obstacles.add(new Obstacle(config.where() + DOES_NOTHING, false));
    }
    return eachStep(config, withoutMask(config, layer));
  }

  /** A mask that a layer makes of each step ends there in Keras 3, as if there were none. */
  private static Layer withoutMask(Config config, Layer layer) {
    if (!(layer.unfrozen() instanceof Embedding table) || !table.maskZero()) {
      return layer;
    }
    if (MaskRules.read(config) == MaskRule.KERAS_2) {
      throw new ModelFormatException(
          config.where()
              + ": of an Embedding with mask_zero, whose mask goes on to the layers above in Keras"
              + " 2, is not supported");
    }
    Embedding unmasked = table.maskingNothing();
    return layer.trainable() ? unmasked : unmasked.frozen();
  }

  /** Refuses settings of a {@code TimeDistributed} around a model that are not supported. */
  static void requireTimeDistributed(Config config, List<Obstacle> obstacles) {
    config.requireKnown(TIME_DISTRIBUTED);
    DtypeConfig.collect(config, obstacles);
  }

  /**
   * Returns a layer at each step of a sequence.
   *
   * @param config what the file says of the wrapper
   */
  static Layer eachStep(Config config, Layer layer) {
    try {
      return layer instanceof Frozen frozen
          ? new TimeDistributed(frozen.layer()).frozen()
          : new TimeDistributed(layer);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
  }

  /** Without a backward layer that is the layer itself, turned. */
  static Layer bidirectional(Config config, List<Obstacle> obstacles) {
    config.requireKnown(BIDIRECTIONAL);
    Merge merge = merge(config);
    Layer first = LayerConfig.read(config.child("layer"), obstacles).layer();
    ActivityConfig.collect(LayerConfig.config(config.child("layer")), obstacles);
    Recurrent forward = recurrent(config, "layer", first);
    boolean two = config.has("backward_layer");
    Layer second =
        two ? LayerConfig.read(config.child("backward_layer"), obstacles).layer() : first;
    if (two) {
      ActivityConfig.collect(LayerConfig.config(config.child("backward_layer")), obstacles);
    }
    Recurrent backward = two ? recurrent(config, "backward_layer", second) : forward.turned();
    boolean trained = first.trainable() || second.trainable();
    if (trained) {
      requireTrained(config, config.bool("trainable", true), obstacles);
      requireTrained(LayerConfig.config(config.child("layer")), first.trainable(), obstacles);
      Config other = config.child(two ? "backward_layer" : "layer");
      requireTrained(LayerConfig.config(other), second.trainable(), obstacles);
    }
    Bidirectional both = new Bidirectional(forward, backward, merge);
    return trained ? both : both.frozen();
  }

  /**
   * Has a model only predict here in which a place says that nothing of it is trained, and weights
   * in or beside it are: what Keras does then goes by its version, and by how a layer was made.
   */
  static void requireTrained(Config place, boolean trained, List<Obstacle> obstacles) {
    if (!trained) {
      obstacles.add(new Obstacle(TrainingOnly.inPrediction(place, "trainable"), false));
    }
  }

  /** Has all that a frozen layer holds be frozen too, as Keras does. */
  static void freezeInner(JsonObject config) {
    for (String key : INNER) {
      if (config.get(key) instanceof JsonObject inner) {
        freeze(inner);
      }
    }
    if (config.get("cells") instanceof JsonArray cells) {
      cells.forEach(cell -> freeze(cell.getAsJsonObject()));
    }
  }

  private static void freeze(JsonObject entry) {
    JsonObject config = entry.getAsJsonObject("config");
    config.addProperty("trainable", false);
    freezeInner(config);
  }

  private static Merge merge(Config config) {
    if (!config.has("merge_mode")) {
      return config.json().has("merge_mode") ? Merge.NONE : Merge.CONCAT;
    }
    String name = String.valueOf(config.stringOrNull("merge_mode"));
    for (Merge merge : Merge.values()) {
      if (merge != Merge.NONE && merge.name().toLowerCase(Locale.ROOT).equals(name)) {
        return merge;
      }
    }
    throw config.wrong("merge_mode", "concat, sum, mul, ave or null");
  }

  private static Recurrent recurrent(Config config, String key, Layer layer) {
    Layer own = layer instanceof Frozen frozen ? frozen.layer() : layer;
    if (own instanceof Recurrent recurrent) {
      return recurrent;
    }
    throw new ModelFormatException(
        config.where()
            + ": key "
            + key
            + " must be SimpleRNN, LSTM, GRU, ConvLSTM1D, ConvLSTM2D or RNN, found "
            + LayerConfig.shortened(config.child(key).className()));
  }
}
