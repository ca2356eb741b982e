package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Matrix;

/**
 * A recurrent cell at work: what makes a state of a step's sums, and the gradient by the sums of
 * the gradient by the state. The walks over time call it step by step, forward with ascending
 * {@code t}, then backward; it knows nothing of them but the arrays in which states and gradients
 * lie, by step: the walk may put other matrices there.
 *
 * <p>One worker's, with room for its rows. Whatever it does, it does on strips of rows while they
 * are in the first cache ({@link dev.lanewise.engine.kernel.Epilogue}).
 */
interface Cell {
  /** Computes the state after step {@code t} of the first rows. */
  void forward(int t, int rows, Operands operands);

  /**
   * Computes the gradient by the sums of the last step.
   *
   * @param dy the gradient by the state that it leaves
   */
  void backwardLast(int t, int rows, Matrix dy);

  /**
   * Computes the gradient by the sums of step {@code t} from that of step {@code t + 1}.
   *
   * @param dy the gradient by the state that the step leaves, as an output, or a row of zeros
   */
  void backward(int t, int rows, Matrix dy);
}
