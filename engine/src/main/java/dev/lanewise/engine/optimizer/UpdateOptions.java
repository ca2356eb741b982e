package dev.lanewise.engine.optimizer;

import java.util.Objects;

/**
 * What every optimizer has beside its own rule. In one update gradients are clipped first; then, if
 * weights decay, each becomes {@code w -= w * weightDecay * learningRate}, biases too (Loshchilov
 * and Hutter 2019, algorithm 2: apart from the gradient); then the rule is applied, then the
 * weights' running means go on, if there are any; constraints come last.
 *
 * @param learningRate the step size
 * @param clipping what is done to gradients
 * @param weightDecay the share of a weight that decays, times the step size; 0 for none
 * @param average the running means of the weights
 */
public record UpdateOptions(
    LearningRateSchedule learningRate,
    GradientClipping clipping,
    double weightDecay,
    WeightAverage average) {
  /**
   * Validates the options.
   *
   * @throws IllegalArgumentException if the decay is negative or not finite
   */
  public UpdateOptions {
    Objects.requireNonNull(learningRate, "optimizer: learningRate");
    Objects.requireNonNull(clipping, "optimizer: clipping");
    Ranges.notNegative("optimizer: weightDecay", weightDecay);
    Objects.requireNonNull(average, "optimizer: average");
  }

  /**
   * Returns options without running means of the weights.
   *
   * @param learningRate the step size
   * @param clipping what is done to gradients
   * @param weightDecay the share of a weight that decays, times the step size; 0 for none
   */
  public UpdateOptions(
      LearningRateSchedule learningRate, GradientClipping clipping, double weightDecay) {
    this(learningRate, clipping, weightDecay, WeightAverage.none());
  }

  /**
   * {@return a step size without clipping or decay}
   *
   * @param learningRate the step size at each update
   */
  public static UpdateOptions of(LearningRateSchedule learningRate) {
    return new UpdateOptions(learningRate, GradientClipping.none(), 0);
  }

  /**
   * {@return a constant step size without clipping or decay}
   *
   * @param learningRate the step size, above 0
   */
  public static UpdateOptions of(double learningRate) {
    return of(new ConstantLearningRate(learningRate));
  }

  /**
   * {@return these options with another step size}
   *
   * @param schedule the step size at each update
   */
  public UpdateOptions withLearningRate(LearningRateSchedule schedule) {
    return new UpdateOptions(schedule, clipping, weightDecay, average);
  }

  /**
   * {@return these options with gradients clipped}
   *
   * @param limit the most that gradients may be
   */
  public UpdateOptions withClipping(GradientClipping limit) {
    return new UpdateOptions(learningRate, limit, weightDecay, average);
  }

  /**
   * {@return these options with weights that decay}
   *
   * @param share the part of a weight that is taken off at each update, times the step size
   */
  public UpdateOptions withWeightDecay(double share) {
    return new UpdateOptions(learningRate, clipping, share, average);
  }

  /**
   * {@return these options with running means of the weights}
   *
   * @param means how they are made
   */
  public UpdateOptions withAverage(WeightAverage means) {
    return new UpdateOptions(learningRate, clipping, weightDecay, means);
  }
}
