package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.TimeDistributed;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The settings of layers around other layers as they are read. */
final class WrapperConfig {
  private static final Set<String> BIDIRECTIONAL =
      LayerConfig.known("merge_mode", "layer", "backward_layer");
  private static final Set<String> TIME_DISTRIBUTED = LayerConfig.known("layer");

  private WrapperConfig() {}

  static TimeDistributed timeDistributed(Config config, List<Obstacle> obstacles) {
    config.requireKnown(TIME_DISTRIBUTED);
    Layer layer = LayerConfig.read(config.child("layer"), obstacles).layer();
    try {
      return new TimeDistributed(layer);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
  }

  /** Without a backward layer that is the layer itself, turned. */
  static Bidirectional bidirectional(Config config, List<Obstacle> obstacles) {
    config.requireKnown(BIDIRECTIONAL);
    Merge merge = merge(config);
    Recurrent forward = recurrent(config, "layer", obstacles);
    Recurrent backward =
        config.has("backward_layer")
            ? recurrent(config, "backward_layer", obstacles)
            : forward.turned();
    try {
      return new Bidirectional(forward, backward, merge);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.where() + ": " + e.getMessage(), e);
    }
  }

  private static Merge merge(Config config) {
    String name =
        config.json().has("merge_mode")
            ? String.valueOf(config.stringOrNull("merge_mode"))
            : "concat";
    for (Merge merge : Merge.values()) {
      if (merge.name().toLowerCase(Locale.ROOT).equals(name)) {
        return merge;
      }
    }
    throw config.wrong("merge_mode", "concat, sum, mul or ave");
  }

  private static Recurrent recurrent(Config config, String key, List<Obstacle> obstacles) {
    Config entry = config.child(key);
    if (LayerConfig.read(entry, obstacles).layer() instanceof Recurrent recurrent) {
      return recurrent;
    }
    throw new ModelFormatException(
        config.where()
            + ": key "
            + key
            + " must be SimpleRNN, LSTM or GRU, found "
            + LayerConfig.shortened(entry.className()));
  }
}
