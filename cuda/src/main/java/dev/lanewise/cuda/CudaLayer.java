package dev.lanewise.cuda;

import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** A layer with its buffers on the device; it gives its work to the stream, step by step. */
interface CudaLayer {
  /** No matrix. */
  Signal NONE = new Signal(0, 0);

  /**
   * Builds a layer.
   *
   * @param input the shape of one sample's input
   * @param below the layer that it reads from, none for the first
   * @param logits whether it leaves its softmax to the loss
   */
  static CudaLayer of(
      LayerMemory memory, Layer layer, Shape input, @Nullable CudaLayer below, boolean logits) {
    return switch (layer) {
      case SimpleRnn rnn -> new CudaSimpleRnn(memory, rnn, input, below);
      case Dense dense -> new CudaDense(memory, dense, input, below, logits);
      default -> throw new IllegalStateException(layer + " has no kernels and was not refused");
    };
  }

  /** Returns the outputs for batches of {@code rows} samples. */
  Signal outputs(int rows);

  /** Returns the address of the gradients by the outputs: [positions][rows][units]. */
  long outputGradients();

  /** Reads the inputs: those of the batch in the first layer, the outputs below otherwise. */
  void feed(KernelCalls calls, long batch, int rows);

  /** Computes the outputs. */
  void forward(KernelCalls calls, int rows);

  /** Turns the gradients by the outputs into those by the sums, and those of the layer below. */
  void backward(KernelCalls calls, int rows);

  /** Computes the gradients of the weights. */
  void weightGradients(KernelCalls calls, int rows);
}
