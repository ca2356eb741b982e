package dev.lanewise.engine.optimizer;

import java.util.List;
import java.util.Objects;

/**
 * Gradient descent with momentum, as Keras computes it:
 *
 * <pre>
 * momentum = 0:  w -= learningRate * g
 * otherwise:     s = momentum * s - learningRate * g
 *                w += nesterov ? momentum * s - learningRate * g : s
 * </pre>
 *
 * @param learningRate the step size
 * @param momentum the decay of the velocity s, in [0, 1)
 * @param nesterov whether the step looks ahead (Sutskever et al. 2013, equations 3 and 4)
 * @param clipping what is done to gradients first
 */
public record Sgd(
    LearningRateSchedule learningRate, double momentum, boolean nesterov, GradientClipping clipping)
    implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Sgd {
    Objects.requireNonNull(learningRate, "Sgd: learningRate");
    Objects.requireNonNull(clipping, "Sgd: clipping");
    Ranges.decay("Sgd: momentum", momentum);
  }

  /** Returns plain gradient descent. */
  public static Sgd of(double learningRate) {
    return of(learningRate, 0);
  }

  /** Returns gradient descent with momentum. */
  public static Sgd of(double learningRate, double momentum) {
    return new Sgd(
        new ConstantLearningRate(learningRate), momentum, false, GradientClipping.none());
  }

  /** Returns this rule with a schedule of step sizes. */
  public Sgd withLearningRate(LearningRateSchedule schedule) {
    return new Sgd(schedule, momentum, nesterov, clipping);
  }

  /** Returns this rule looking ahead. */
  public Sgd withNesterov() {
    return new Sgd(learningRate, momentum, true, clipping);
  }

  /** Returns this rule with gradients clipped first. */
  public Sgd withClipping(GradientClipping first) {
    return new Sgd(learningRate, momentum, nesterov, first);
  }

  @Override
  public String kerasName() {
    return "SGD";
  }

  @Override
  public float stepSize(long t) {
    return (float) learningRate.at(t - 1);
  }

  @Override
  public List<String> slots() {
    return momentum == 0 ? List.of() : List.of("SGD/momentum");
  }
}
