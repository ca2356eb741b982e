package dev.lanewise.engine.optimizer;

/**
 * The step size as a function of the updates done, Keras's {@code LearningRateSchedule}. It has no
 * state, so a run that is taken up again goes on where it was.
 */
public sealed interface LearningRateSchedule
    permits ConstantLearningRate,
        CosineDecay,
        CosineDecayRestarts,
        ExponentialDecay,
        InverseTimeDecay,
        PiecewiseConstantDecay,
        PolynomialDecay {
  /**
   * {@return the step size of one update}
   *
   * @param iteration the updates done before it, from 0
   */
  double at(long iteration);
}
