package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.Obstacle;
import java.util.List;
import java.util.Set;

/**
 * What a layer computes in, key {@code dtype}: a string, or a policy with a name. Here it is
 * float32. A model of mixed precision, or of other floats, predicts in that too, nearer to what its
 * weights say or, of float64, to seven digits; trained it would be another than Keras's.
 */
final class DtypeConfig {
  private static final String KEY = "dtype";
  private static final String OURS = "float32";
  private static final Set<String> OTHERS =
      Set.of("mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64");

  private DtypeConfig() {}

  /** Has a model only predict here if something in it computes in other floats. */
  static void collect(Config config, List<Obstacle> obstacles) {
    String policy = requireFloat(config);
    if (policy.equals(OURS)) {
      return;
    }
    Obstacle obstacle =
        new Obstacle(
            "dtype "
                + policy
                + " is computed in float32 here, in prediction alone; to train the model, put its"
                + " weights into one that Keras built with dtype float32",
            false);
    if (!obstacles.contains(obstacle)) { // most often all layers have it
      obstacles.add(obstacle);
    }
  }

  /**
   * Returns the floats that are named, float32 if none are.
   *
   * @throws ModelFormatException if it is something else
   */
  static String requireFloat(Config config) {
    String policy = policy(config);
    if (!policy.equals(OURS) && !OTHERS.contains(policy)) {
      throw refused(config, "float32, or of other floats", policy);
    }
    return policy;
  }

  /** Refuses all others. */
  static void requireFloat32(Config config) {
    String policy = policy(config);
    if (!policy.equals(OURS)) {
      throw refused(config, OURS, policy);
    }
  }

  private static String policy(Config config) {
    if (!config.has(KEY)) {
      return OURS;
    }
    String name = config.stringOrNull(KEY);
    if (name != null) {
      return name;
    }
    Config object = config.child(KEY);
    boolean plain = object.className().endsWith("Policy"); // and no map from layers to policies
    return plain ? object.child("config").string("name") : object.className();
  }

  private static ModelFormatException refused(Config config, String expected, String found) {
    return new ModelFormatException(
        config.where()
            + ": key dtype must be "
            + expected
            + ", found "
            + LayerConfig.shortened(found));
  }
}
