package dev.lanewise.engine.optimizer;

/**
 * Keras's {@code InverseTimeDecay}: initialLearningRate / (1 + decayRate * p) with p = i /
 * decaySteps, in stairs its whole part.
 *
 * @param initialLearningRate the step size at the start, positive
 * @param decaySteps the updates of one decay, at least 1
 * @param decayRate how much the divisor grows in them, at least 0
 * @param staircase whether it stays the same between those updates
 */
public record InverseTimeDecay(
    double initialLearningRate, long decaySteps, double decayRate, boolean staircase)
    implements LearningRateSchedule {
  /**
   * Validates the schedule.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public InverseTimeDecay {
    Ranges.positive("InverseTimeDecay: initialLearningRate", initialLearningRate);
    Ranges.steps("InverseTimeDecay: decaySteps", decaySteps);
    Ranges.notNegative("InverseTimeDecay: decayRate", decayRate);
  }

  @Override
  public double at(long iteration) {
    double decays = (double) iteration / decaySteps;
    return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(decays) : decays));
  }
}
