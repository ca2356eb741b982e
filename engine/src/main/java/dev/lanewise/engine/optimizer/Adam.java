package dev.lanewise.engine.optimizer;

import java.util.List;
import java.util.Objects;

/**
 * Adam (Kingma and Ba 2015) in the form of the end of the paper's section 2, as Keras computes it
 * in float32, with t the number of the step from 1:
 *
 * <pre>
 * alpha = learningRate(t - 1) * sqrt(1 - beta2^t) / (1 - beta1^t)
 * m += (g - m) * (1 - beta1)
 * v += (g^2 - v) * (1 - beta2)
 * w -= alpha * m / (sqrt(v) + epsilon)
 * </pre>
 *
 * @param learningRate the step size
 * @param beta1 the decay of the mean of gradients, in [0, 1)
 * @param beta2 the decay of the mean of squared gradients, in [0, 1)
 * @param epsilon added to sqrt(v), positive
 * @param clipping what is done to gradients first
 */
public record Adam(
    LearningRateSchedule learningRate,
    double beta1,
    double beta2,
    double epsilon,
    GradientClipping clipping)
    implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Adam {
    Objects.requireNonNull(learningRate, "Adam: learningRate");
    Objects.requireNonNull(clipping, "Adam: clipping");
    Ranges.decay("Adam: beta1", beta1);
    Ranges.decay("Adam: beta2", beta2);
    Ranges.positive("Adam: epsilon", epsilon);
  }

  /** Returns Keras's defaults: 0.001, 0.9, 0.999, 1e-7. */
  public static Adam withDefaults() {
    return of(0.001);
  }

  /** Returns Keras's defaults with another step size. */
  public static Adam of(double learningRate) {
    return of(new ConstantLearningRate(learningRate));
  }

  /** Returns Keras's defaults with a schedule of step sizes. */
  public static Adam of(LearningRateSchedule learningRate) {
    return new Adam(learningRate, 0.9, 0.999, 1e-7, GradientClipping.none());
  }

  /** Returns this rule with a schedule of step sizes. */
  public Adam withLearningRate(LearningRateSchedule schedule) {
    return new Adam(schedule, beta1, beta2, epsilon, clipping);
  }

  /** Returns this rule with gradients clipped first. */
  public Adam withClipping(GradientClipping first) {
    return new Adam(learningRate, beta1, beta2, epsilon, first);
  }

  @Override
  public List<String> slots() {
    return List.of("adam/momentum", "adam/velocity");
  }

  @Override
  public String kerasName() {
    return "adam";
  }

  @Override
  public float stepSize(long t) {
    float beta1Power = (float) power((float) beta1, t);
    float beta2Power = (float) power((float) beta2, t);
    return (float) learningRate.at(t - 1) * (float) Math.sqrt(1f - beta2Power) / (1f - beta1Power);
  }

  /** Products alone: the same bits everywhere, and no arrays, which StrictMath.pow takes a call. */
  private static double power(double base, long exponent) {
    double result = 1;
    double square = base;
    for (long left = exponent; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }
}
