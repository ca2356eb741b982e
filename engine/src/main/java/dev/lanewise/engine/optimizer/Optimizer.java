package dev.lanewise.engine.optimizer;

/** How gradients change parameters. */
public sealed interface Optimizer permits Adam, Sgd {
  /** Returns Keras's default name of the optimizer. */
  String kerasName();

  /** Returns the step size, update by update. */
  LearningRateSchedule learningRate();

  /** Returns what is done to gradients first. */
  GradientClipping clipping();

  /**
   * Returns the factor of update {@code t}, counted from 1, rounded to float32 where Keras rounds.
   */
  float stepSize(long t);

  /** Returns how many arrays of the parameters' size the rule keeps from step to step. */
  int slotCount();
}
