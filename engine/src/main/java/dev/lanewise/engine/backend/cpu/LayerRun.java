package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Matrix;

/**
 * A layer at work on some rows of a batch. All memory is taken when it is made; workers with runs
 * of their own never meet here.
 *
 * <p>Values between layers are one matrix [rows, width] a position: a single one, or one a time
 * step. A layer reads the outputs of the layer below, and writes the gradient of the loss by them
 * into the layer below's {@link #outputGradients}.
 */
interface LayerRun {
  /**
   * Says how many rows there will be at a time, so that what belongs together lies together. Values
   * are lost; the arrays of matrices stay, with other matrices in them.
   *
   * @param rows at most those that the run was made for
   */
  default void layOut(int rows) {}

  /** Returns where the first layer of a stack wants its samples: one matrix a time step. */
  Matrix[] inputs();

  /** Returns the outputs. */
  Matrix[] outputs();

  /**
   * Returns where the layer above, or the loss, leaves the gradient by the outputs; none in a run
   * without a backward pass.
   */
  Matrix[] outputGradients();

  /**
   * Computes the outputs of the first {@code rows} rows.
   *
   * @param lead time steps at the beginning at which the inputs of all rows are zero, known to be
   *     so only for a first layer that {@link CpuLayer#passesOverBlankLead}, else 0
   */
  void forward(int rows, int lead);

  /**
   * Computes the weight gradients and the gradient by the inputs, from the outputs'. May overwrite
   * {@link #outputGradients}.
   *
   * @param rows the rows that {@link #forward} computed
   * @param shard whose gradients the weights' are
   */
  void backward(int rows, int shard);
}
