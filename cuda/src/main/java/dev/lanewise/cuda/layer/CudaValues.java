package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/** What layers have in common whose outputs are a buffer of their own, without gaps. */
abstract class CudaValues implements CudaLayer {
  final CudaSource below;
  final int positions;
  final int width;
  final long outputs;
  final long gradients;

  /**
   * Takes the buffers.
   *
   * @param what the layer, for messages
   * @param output the shape of one sample's output
   */
  CudaValues(LayerMemory memory, String what, Shape output, CudaSource below) {
    this.below = below;
    positions = output.positions();
    width = output.size(-1);
    outputs = memory.floats("outputs of " + what, positions, width);
    gradients = memory.trainingFloats("gradients by " + what, positions, width);
  }

  @Override
  public final Signal outputs(int rows) {
    return new Signal(outputs, width);
  }

  @Override
  public final long outputGradients() {
    return gradients;
  }
}
