package dev.lanewise.engine.optimizer;

/**
 * Half cosines one after another, each from a peak down to a share of the first (Loshchilov and
 * Hutter 2017, equation 5), Keras's {@code CosineDecayRestarts}. Period k, from 0, has {@code
 * firstDecaySteps tMul^k} updates; within it, at a share p of them,
 *
 * <pre>
 * initialLearningRate * ((1 - alpha) * mMul^k * (1 + cos(pi p)) / 2 + alpha)
 * </pre>
 *
 * <p>Keras finds k by a logarithm in float32, which is seldom, after many periods, one too few at a
 * restart: there it gives the last step size of a period once more.
 *
 * @param initialLearningRate the first step size, positive
 * @param firstDecaySteps the updates of the first period, at least 1
 * @param tMul how many times as long each period is as that before it, at least 1
 * @param mMul how many times as high, at least 0
 * @param alpha the last step size of each as a share of the first, in [0, 1]
 */
public record CosineDecayRestarts(
    double initialLearningRate, long firstDecaySteps, double tMul, double mMul, double alpha)
    implements LearningRateSchedule {
  /** Keras's length of a period, as a multiple of the one before it. */
  public static final double T_MUL = 2;

  /** What rounding may leave of an update where a period ends with one. */
  private static final double ROUNDING = 1e-6;

  /**
   * Validates the schedule.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public CosineDecayRestarts {
    Ranges.positive("CosineDecayRestarts: initialLearningRate", initialLearningRate);
    Ranges.steps("CosineDecayRestarts: firstDecaySteps", firstDecaySteps);
    Ranges.notNegative("CosineDecayRestarts: mMul", mMul);
    if (!(tMul >= 1 && tMul < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "CosineDecayRestarts: tMul must be at least 1 and finite, found "
              + tMul
              + "; shorter and shorter periods come to an end, and there is no step size after it");
    }
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException(
          "CosineDecayRestarts: alpha must be in [0, 1], found " + alpha);
    }
  }

  /**
   * {@return periods of which each is twice as long as that before it, down to 0}
   *
   * @param learningRate the first step size, above 0
   * @param firstDecaySteps the updates of the first period
   */
  public static CosineDecayRestarts of(double learningRate, long firstDecaySteps) {
    return new CosineDecayRestarts(learningRate, firstDecaySteps, T_MUL, 1, 0);
  }

  @Override
  public double at(long iteration) {
    long period = period(iteration);
    double length = firstDecaySteps * Powers.of(tMul, period);
    double progress = Math.clamp((iteration - begin(period)) / length, 0, 1);
    // StrictMath: the same bits on every platform.
    double cosine = 0.5 * Powers.of(mMul, period) * (1 + StrictMath.cos(Math.PI * progress));
    return initialLearningRate * ((1 - alpha) * cosine + alpha);
  }

  private long period(long iteration) {
    if (tMul == 1) {
      return iteration / firstDecaySteps;
    }
    double lengths = (double) iteration / firstDecaySteps;
    long period = (long) (StrictMath.log1p(lengths * (tMul - 1)) / StrictMath.log(tMul));
    while (period > 0 && iteration + ROUNDING < begin(period)) { // the logarithms are rounded
      period--;
    }
    while (iteration + ROUNDING >= begin(period + 1)) {
      period++;
    }
    return period;
  }

  /** Returns the updates before a period: a geometric sum. */
  private double begin(long period) {
    return tMul == 1
        ? (double) period * firstDecaySteps
        : firstDecaySteps * ((Powers.of(tMul, period) - 1) / (tMul - 1));
  }
}
