package dev.lanewise.engine.optimizer;

/**
 * The same step size for every update.
 *
 * @param learningRate the step size, positive
 */
public record ConstantLearningRate(double learningRate) implements LearningRateSchedule {
  /**
   * Validates the step size.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public ConstantLearningRate {
    Ranges.positive("learningRate", learningRate);
  }

  @Override
  public double at(long iteration) {
    return learningRate;
  }
}
