package dev.lanewise.engine.optimizer;

/**
 * Keras's {@code PolynomialDecay}: (initialLearningRate - endLearningRate) * (1 - i / n)^power +
 * endLearningRate, with n = decaySteps and i staying at n once it is there; or, in cycles, with n
 * the least multiple of decaySteps, at least one of them, that i does not exceed.
 *
 * @param initialLearningRate the step size at the start, positive
 * @param decaySteps the updates to the end, at least 1
 * @param endLearningRate the step size there, at least 0
 * @param power 1 for a straight line; positive
 * @param cycle whether it rises again after the end, each time over longer
 */
public record PolynomialDecay(
    double initialLearningRate,
    long decaySteps,
    double endLearningRate,
    double power,
    boolean cycle)
    implements LearningRateSchedule {
  /**
   * Validates the schedule.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public PolynomialDecay {
    Ranges.positive("PolynomialDecay: initialLearningRate", initialLearningRate);
    Ranges.steps("PolynomialDecay: decaySteps", decaySteps);
    Ranges.notNegative("PolynomialDecay: endLearningRate", endLearningRate);
    Ranges.positive("PolynomialDecay: power", power);
  }

  @Override
  public double at(long iteration) {
    double end = decaySteps;
    if (cycle && iteration > decaySteps) {
      end *= Math.ceil((double) iteration / decaySteps);
    }
    double left = 1 - Math.min((double) iteration, end) / end;
    return (initialLearningRate - endLearningRate) * Powers.of(left, power) + endLearningRate;
  }
}
