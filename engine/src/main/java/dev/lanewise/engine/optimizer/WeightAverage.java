package dev.lanewise.engine.optimizer;

/**
 * A running mean of every weight that is trained, beside the weights (Polyak and Juditsky 1992):
 * Keras's {@code use_ema}. After each update, before constraints,
 *
 * <pre>
 * a = momentum * a + (1 - momentum) * w     (after the first update: a = w)
 * </pre>
 *
 * <p>Training goes on with the weights; at the end of a fit they become their means. With an
 * overwrite frequency they do so after every so many updates, too.
 *
 * @param kept whether there are means
 * @param momentum what is kept of a mean at each update, in [0, 1]; 0 where there are none
 * @param overwriteFrequency the updates from one overwriting of the weights to the next; 0 where it
 *     is at the end of a fit alone
 */
public record WeightAverage(boolean kept, double momentum, int overwriteFrequency) {
  /** Keras's {@code ema_momentum} unless another is given. */
  public static final double DEFAULT_MOMENTUM = 0.99;

  private static final WeightAverage NOTHING = new WeightAverage(false, 0, 0);

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range, or there is one without means
   */
  public WeightAverage {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "WeightAverage: momentum must be in [0, 1], found " + momentum);
    }
    if (overwriteFrequency < 0) {
      throw new IllegalArgumentException(
          "WeightAverage: overwriteFrequency must be at least 1, or 0 for none, found "
              + overwriteFrequency);
    }
    if (!kept && (momentum != 0 || overwriteFrequency != 0)) {
      throw new IllegalArgumentException(
          "WeightAverage: without means there is no momentum and no overwriteFrequency, found "
              + momentum
              + " and "
              + overwriteFrequency);
    }
  }

  /** {@return no means} */
  public static WeightAverage none() {
    return NOTHING;
  }

  /** {@return means with Keras's default momentum, 0.99} */
  public static WeightAverage withDefaults() {
    return of(DEFAULT_MOMENTUM);
  }

  /**
   * {@return means that weights become at the end of a fit}
   *
   * @param momentum what is kept of a mean at each update, in [0, 1]
   */
  public static WeightAverage of(double momentum) {
    return new WeightAverage(true, momentum, 0);
  }

  /**
   * {@return these means, which weights become after every so many updates, too}
   *
   * @param updates from one time to the next, at least 1
   */
  public WeightAverage withOverwriteFrequency(int updates) {
    Ranges.steps("WeightAverage: overwriteFrequency", updates);
    return new WeightAverage(kept, momentum, updates);
  }

  /**
   * {@return what update {@code t} keeps of a mean, as the float32 that it is}
   *
   * @param t the update, counted from 1
   */
  public float keptAt(long t) {
    return t == 1 ? 0 : (float) momentum;
  }

  /**
   * {@return whether the weights become their means in update {@code t}}
   *
   * @param t the update, counted from 1
   */
  public boolean overwritesAt(long t) {
    return overwriteFrequency > 0 && t % overwriteFrequency == 0;
  }
}
