package dev.lanewise.cuda.recurrent;

import dev.lanewise.cuda.layer.CudaPass;

/**
 * What a kind of cell does in a step of a walk over time. When it comes to a step, the inputs' part
 * of its sums is there; on the way back, so is all that comes from the step after.
 */
interface CudaCell {
  /** Launches step {@code t}: from the states before it to those after it. */
  void forward(CudaPass pass, int t);

  /** Launches step {@code t}: from the gradients by the state after it to those by its sums. */
  void backward(CudaPass pass, int t);

  /** Launches the gradients of the weights, after all steps. */
  void weightGradients(CudaPass pass);

  /**
   * Launches the gradients by h before the first step, after all steps.
   *
   * @param to where they go, [rows][units]
   */
  void stateGradients(CudaPass pass, long to);

  /**
   * Returns the address of the cell state after step {@code t}, -1 for what a walk begins with;
   * [rows][units] without gaps.
   */
  default long cellState(int t, int rows) {
    throw new IllegalStateException("this cell has h alone");
  }

  /**
   * Returns the address of the gradients by the cell state: at first those by the last, in the end
   * those by what the walk began with.
   */
  default long cellStateGradients() {
    throw new IllegalStateException("this cell has h alone");
  }
}
