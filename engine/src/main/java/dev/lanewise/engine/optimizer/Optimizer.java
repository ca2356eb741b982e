package dev.lanewise.engine.optimizer;

import java.util.List;

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

  /**
   * Returns the names of the arrays of the parameters' size that the rule keeps from step to step,
   * in Keras's order: its own name and Keras's of the variable, so that no other rule's has it.
   */
  List<String> slots();
}
