package dev.lanewise.engine.reference;

import java.util.List;

/** One step of a recurrent layer for one sample, forward and backward. */
interface ReferenceCell {
  /** Returns how many arrays its state has, h first. */
  int states();

  /**
   * Returns what it keeps of a step.
   *
   * @param next takes the state after it
   */
  double[][] forward(double[] x, double[][] state, double[][] next);

  /**
   * The gradients of a step.
   *
   * @param kept what {@link #forward} returned
   * @param state the state before the step
   * @param dNext by the state after it
   * @param dx takes those by x, added
   * @param dState takes those by the state before, added
   * @param gradients take those by the weights, added
   */
  void backward(
      double[][] kept,
      double[] x,
      double[][] state,
      double[][] dNext,
      double[] dx,
      double[][] dState,
      List<double[]> gradients);
}
