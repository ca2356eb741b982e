package dev.lanewise.engine.optimizer;

import org.jspecify.annotations.Nullable;

/**
 * Half a cosine from a peak down to a share of it (Loshchilov and Hutter 2017, equation 5, without
 * restarts), after a straight warm-up if there is one; Keras's {@code CosineDecay}:
 *
 * <pre>
 * peak = warmupTarget, or initialLearningRate if that is absent
 * i &lt; warmupSteps:  initialLearningRate + (peak - initialLearningRate) * i / warmupSteps
 * after:            peak * ((1 - alpha) * (1 + cos(pi * p)) / 2 + alpha)
 *                   with p = min(i - warmupSteps, decaySteps) / decaySteps
 * </pre>
 *
 * @param initialLearningRate the step size at the start; it may be 0 before a warm-up
 * @param decaySteps the updates from the peak to the end, at least 1
 * @param alpha the last step size as a share of the peak, in [0, 1]
 * @param warmupTarget the peak that the warm-up reaches, absent if there is no warm-up
 * @param warmupSteps the updates of the warm-up; none count without a target
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record CosineDecay(
    double initialLearningRate,
    long decaySteps,
    double alpha,
    @Nullable Double warmupTarget,
    long warmupSteps)
    implements LearningRateSchedule {
  /**
   * Validates the schedule.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public CosineDecay {
    if (warmupTarget == null) {
      Ranges.positive("CosineDecay: initialLearningRate", initialLearningRate);
    } else {
      Ranges.notNegative("CosineDecay: initialLearningRate", initialLearningRate);
      Ranges.positive("CosineDecay: warmupTarget", warmupTarget);
    }
    Ranges.steps("CosineDecay: decaySteps", decaySteps);
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("CosineDecay: alpha must be in [0, 1], found " + alpha);
    }
    if (warmupSteps < 0) {
      throw new IllegalArgumentException(
          "CosineDecay: warmupSteps must be at least 0, found " + warmupSteps);
    }
  }

  /**
   * {@return a decay from {@code learningRate} to 0}
   *
   * @param learningRate the step size of the first update, above 0
   * @param decaySteps the updates until it is 0
   */
  public static CosineDecay of(double learningRate, long decaySteps) {
    return new CosineDecay(learningRate, decaySteps, 0, null, 0);
  }

  /**
   * {@return this decay after a straight rise from 0 to its step size}
   *
   * @param steps the updates of the rise
   */
  public CosineDecay withWarmup(long steps) {
    double peak = warmupTarget == null ? initialLearningRate : warmupTarget;
    return new CosineDecay(0, decaySteps, alpha, peak, steps);
  }

  @Override
  public double at(long iteration) {
    double peak = initialLearningRate;
    long since = iteration;
    if (warmupTarget != null) {
      peak = warmupTarget;
      since = iteration - warmupSteps;
      if (since < 0) {
        double share = (double) iteration / warmupSteps;
        return initialLearningRate + (peak - initialLearningRate) * share;
      }
    }
    double progress = (double) Math.min(since, decaySteps) / decaySteps;
    // StrictMath: the same bits on every platform.
    double cosine = 0.5 * (1 + StrictMath.cos(Math.PI * progress));
    return peak * ((1 - alpha) * cosine + alpha);
  }
}
