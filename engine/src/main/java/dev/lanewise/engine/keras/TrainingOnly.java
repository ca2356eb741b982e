package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.Obstacle;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keys and layers that are at work in training alone. The model predicts without them; what it
 * cannot do without is training, and being written again. Penalties and constraints that are
 * supported are not among them.
 */
final class TrainingOnly {
  /** They add to the loss, in {@code evaluate} too; those that are supported are the layer's. */
  private static final List<String> REGULARIZERS =
      List.of(
          "kernel_regularizer",
          "recurrent_regularizer",
          "bias_regularizer",
          "embeddings_regularizer",
          "gamma_regularizer",
          "beta_regularizer",
          "activity_regularizer");

  private static final List<String> CONSTRAINTS =
      List.of(
          "kernel_constraint",
          "recurrent_constraint",
          "bias_constraint",
          "embeddings_constraint",
          "gamma_constraint",
          "beta_constraint");

  private static final String PENALTY = "ActivityRegularization";
  private static final Set<String> LAYERS = Set.of("SpatialDropout2D", PENALTY);
  private static final List<String> STRENGTHS = List.of("rate", "l1", "l2");

  private TrainingOnly() {}

  /** Returns the keys that {@link #collect} looks at. */
  static Set<String> keys() {
    Set<String> all = new HashSet<>(REGULARIZERS);
    all.addAll(CONSTRAINTS);
    all.add("trainable");
    return all;
  }

  /** Returns whether a layer gives on what it takes, except in training. */
  static boolean isLayer(Config entry) {
    return LAYERS.contains(entry.className());
  }

  /** Adds what of a layer that {@link #isLayer} training would need. */
  static void collectLayer(Config entry, List<Obstacle> obstacles) {
    Config config = LayerConfig.config(entry);
    config.requireKnown(
        LayerConfig.known("rate", "l1", "l2", "noise_shape", "data_format", "supports_masking"));
    LayerConfig.requireFloat32(config);
    collect(config, obstacles);
    boolean adds = entry.className().equals(PENALTY);
    for (String key : STRENGTHS) {
      if (config.number(key, 0) != 0) {
        obstacles.add(new Obstacle(inPrediction(config, key), adds));
      }
    }
  }

  /** Adds the keys of a layer, or of a whole model, that training would need. */
  static void collect(Config config, List<Obstacle> obstacles) {
    collect(config, false, obstacles);
  }

  /**
   * Adds the keys of a layer that training would need.
   *
   * @param constrains whether the layer keeps those constraints that are supported
   */
  static void collect(Config config, boolean constrains, List<Obstacle> obstacles) {
    for (String key : REGULARIZERS) {
      if (config.has(key) && RegularizerConfig.readOrNull(config, key) == null) {
        obstacles.add(new Obstacle(inPrediction(config, key), true));
      }
    }
    for (String key : CONSTRAINTS) {
      boolean kept = constrains && ConstraintConfig.readOrNull(config, key) != null;
      if (config.has(key) && !kept) {
        obstacles.add(new Obstacle(inPrediction(config, key), false));
      }
    }
  }

  /** Returns that a model with this setting only predicts here. */
  static String inPrediction(Config config, String key) {
    return config.where()
        + ": key "
        + key
        + " with value "
        + config.value(key)
        + " is supported in prediction alone";
  }
}
