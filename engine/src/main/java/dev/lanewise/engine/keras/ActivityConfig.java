package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Regularizer;
import java.util.List;
import java.util.Set;

/** Penalties on what layers give: a layer's {@code activity_regularizer}, and the layer of one. */
final class ActivityConfig {
  static final String KEY = "activity_regularizer";
  private static final Set<String> OWN = LayerConfig.known("l1", "l2");

  private ActivityConfig() {}

  /** Reads the layer {@code ActivityRegularization}. */
  static ActivityRegularization layer(Config config) {
    config.requireKnown(OWN);
    double l1 = config.number("l1", 0);
    double l2 = config.number("l2", 0);
    return new ActivityRegularization(new Regularizer(l1, l2));
  }

  /**
   * Returns the penalty on what a layer of a model gives, which is a layer of its own here.
   *
   * @param obstacles takes it where it is not supported in training
   */
  static Regularizer ofOutputs(Config entry, List<Obstacle> obstacles) {
    Config config = LayerConfig.config(entry);
    boolean ownWay = entry.className().equals("MultiHeadAttention"); // of each product within it
    if (ownWay || RegularizerConfig.readOrNull(config, KEY) == null) {
      collect(config, obstacles);
      return Regularizer.NONE;
    }
    return RegularizerConfig.read(config, KEY);
  }

  /** Adds the penalty on what a part of a layer gives, or a model, which training would need. */
  static void collect(Config config, List<Obstacle> obstacles) {
    if (config.has(KEY)) {
      obstacles.add(new Obstacle(TrainingOnly.inPrediction(config, KEY), true));
    }
  }
}
