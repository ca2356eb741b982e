package dev.lanewise.cuda;

import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;

/** A layer with its buffers on the device; it gives its work to the stream. */
interface CudaLayer extends CudaSource {
  /**
   * Builds a layer.
   *
   * @param input the shape of one sample's input
   * @param below what it reads
   * @param logits whether it leaves its last function to the loss
   */
  static CudaLayer of(
      LayerMemory memory, Layer layer, Shape input, CudaSource below, boolean logits) {
    return switch (layer) {
      case SimpleRnn rnn -> CudaRecurrent.of(memory, rnn, input, below);
      case Dense dense -> new CudaDense(memory, dense, input, below, logits);
      default -> throw new IllegalStateException(layer + " has no kernels and was not refused");
    };
  }

  /** Computes the outputs. */
  void forward(CudaPass pass);

  /** From the gradients by the outputs, those by the inputs, if they are wanted, and by weights. */
  void backward(CudaPass pass);
}
