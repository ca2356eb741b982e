package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/**
 * A value as a reader sees it that is not the first of several to go back: the gradient that it
 * leaves is added to what the others have left. No layer has to know that it is not alone.
 */
public final class CudaBranch implements CudaLayer {
  private final CudaSource value;
  private final Shape shape;
  private final long gradients;

  /**
   * Takes the buffer.
   *
   * @param shape of a sample of the value
   */
  public CudaBranch(LayerMemory memory, CudaSource value, Shape shape) {
    this.value = value;
    this.shape = shape;
    gradients =
        memory.floats("gradients by one of several readers", shape.positions(), shape.size(-1));
  }

  @Override
  public Signal outputs(int rows) {
    return value.outputs(rows);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  @Override
  public void forward(CudaPass pass) {}

  @Override
  public void backward(CudaPass pass) {
    CudaArithmetic.add(pass, gradients, value.outputGradients(), shape.positions(), shape.size(-1));
  }
}
