package dev.lanewise.engine.keras;

import dev.lanewise.engine.keras.SavedModel.Obstacle;
import java.util.List;
import java.util.Set;

/**
 * Keys that are at work in training alone. The model predicts without them; what it cannot do
 * without is training, and being written again. Penalties and constraints that are supported are
 * not among them.
 */
final class TrainingOnly {
  private TrainingOnly() {}

  /** Returns the keys that {@link #collect} looks at. */
  static Set<String> keys() {
    Set<String> all = RulesConfig.keys();
    all.addAll(Set.of(ActivityConfig.KEY, "trainable"));
    return all;
  }

  /** Adds the keys of a layer, or of a whole model, that training would need. */
  static void collect(Config config, List<Obstacle> obstacles) {
    collect(config, Set.of(), Set.of(), obstacles);
    ActivityConfig.collect(config, obstacles);
  }

  /**
   * Adds the keys of a layer that training would need, but for a penalty on what it gives.
   *
   * @param penalized the arrays whose penalties the layer keeps, if they are supported
   * @param constrained the arrays whose constraints it keeps
   */
  static void collect(
      Config config, Set<String> penalized, Set<String> constrained, List<Obstacle> obstacles) {
    for (String array : RulesConfig.ARRAYS) {
      String regularizer = RulesConfig.regularizer(array);
      boolean added =
          penalized.contains(array) && RegularizerConfig.readOrNull(config, regularizer) != null;
      String constraint = RulesConfig.constraint(array);
      boolean kept =
          constrained.contains(array) && ConstraintConfig.readOrNull(config, constraint) != null;
      addUnless(added, config, regularizer, true, obstacles);
      addUnless(kept, config, constraint, false, obstacles);
    }
  }

  private static void addUnless(
      boolean kept, Config config, String key, boolean changesLoss, List<Obstacle> obstacles) {
    if (config.has(key) && !kept) {
      obstacles.add(new Obstacle(inPrediction(config, key), changesLoss));
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
