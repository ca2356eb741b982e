package dev.lanewise.cuda.layer;

/** A layer with its buffers on the device; it gives its work to the stream. */
public interface CudaLayer extends CudaSource {
  /** Computes the outputs. */
  void forward(CudaPass pass);

  /** From the gradients by the outputs, those by the inputs, if they are wanted, and by weights. */
  void backward(CudaPass pass);
}
