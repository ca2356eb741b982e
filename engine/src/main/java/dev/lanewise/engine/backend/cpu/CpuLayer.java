package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * A layer at work on the CPU. All memory is taken when it is made; each shard has its own
 * activations, so that threads with different shards never meet here.
 *
 * <p>Values between layers are one matrix [rows, width] a position: a single one, or one a time
 * step. A layer reads the outputs of the layer below, and writes the gradient of the loss by them
 * into the layer below's {@link #outputGradients}.
 */
interface CpuLayer {
  /** Returns where the first layer of a stack wants a shard's samples: one matrix a time step. */
  Matrix[] inputs(int shard);

  /** Returns a shard's outputs. */
  Matrix[] outputs(int shard);

  /** Returns where the layer above, or the loss, leaves the gradient by the outputs. */
  Matrix[] outputGradients(int shard);

  /** Computes the outputs of the first {@code rows} rows of a shard. */
  void forward(int shard, int rows);

  /**
   * Computes the shard's weight gradients and the gradient by the inputs, from the outputs'. May
   * overwrite {@link #outputGradients}.
   */
  void backward(int shard, int rows);

  /** Returns the weights, in no particular order. */
  List<CpuParameter> parameters();

  /** Returns where each of Keras's arrays lies, in Keras's order. */
  List<ParameterView> views();
}
