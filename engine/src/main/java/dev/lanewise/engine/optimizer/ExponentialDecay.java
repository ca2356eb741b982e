package dev.lanewise.engine.optimizer;

/**
 * Keras's {@code ExponentialDecay}: initialLearningRate * decayRate^p with p = i / decaySteps, in
 * stairs its whole part.
 *
 * @param initialLearningRate the step size at the start, positive
 * @param decaySteps the updates in which it becomes decayRate of what it was, at least 1
 * @param decayRate that share, positive
 * @param staircase whether it stays the same between those updates
 */
public record ExponentialDecay(
    double initialLearningRate, long decaySteps, double decayRate, boolean staircase)
    implements LearningRateSchedule {
  /**
   * Validates the schedule.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public ExponentialDecay {
    Ranges.positive("ExponentialDecay: initialLearningRate", initialLearningRate);
    Ranges.steps("ExponentialDecay: decaySteps", decaySteps);
    Ranges.positive("ExponentialDecay: decayRate", decayRate);
  }

  @Override
  public double at(long iteration) {
    double decays = (double) iteration / decaySteps;
    double power = staircase ? Math.floor(decays) : decays;
    return initialLearningRate * Powers.of(decayRate, power);
  }
}
