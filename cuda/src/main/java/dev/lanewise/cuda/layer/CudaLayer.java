package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;
import java.util.List;

/** A layer with its buffers on the device; it gives its work to the stream. */
public interface CudaLayer extends CudaSource {
  /** Computes the outputs. */
  void forward(CudaPass pass);

  /** Returns what it gives beside its outputs: a recurrent layer its last states. */
  default List<? extends CudaSource> others() {
    return List.of();
  }

  /** Returns what it keeps from batch to batch, [rows of the largest batch][stride] each. */
  default List<Signal> keptStates() {
    return List.of();
  }

  /** From the gradients by the outputs, those by the inputs, if they are wanted, and by weights. */
  void backward(CudaPass pass);
}
