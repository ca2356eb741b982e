package dev.lanewise.engine.optimizer;

/** How gradients change parameters. */
public sealed interface Optimizer permits Adam, Sgd {
  /** Returns the step size. */
  double learningRate();

  /** Returns how many arrays of the parameters' size the rule keeps from step to step. */
  int slotCount();
}
