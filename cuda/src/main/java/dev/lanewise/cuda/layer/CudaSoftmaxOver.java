package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/** A softmax along an axis before the last; see places.cu. */
public final class CudaSoftmaxOver extends CudaValues {
  private final int size;
  private final int apart;

  /**
   * Builds the layer.
   *
   * @param axis counted from the batch's, which is 0
   */
  public CudaSoftmaxOver(LayerMemory memory, int axis, Shape input, CudaSource below) {
    super(memory, "a softmax", input, below);
    size = input.size(axis - 1);
    int inner = 1;
    for (int i = axis; i < input.rank() - 1; i++) {
      inner *= input.size(i);
    }
    apart = inner;
  }

  private Arguments sizes(Arguments begin, CudaPass pass) {
    return begin
        .integer(size)
        .integer(apart)
        .integer(positions)
        .integer(pass.rows())
        .integer(width);
  }

  @Override
  public void forward(CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    Arguments arguments =
        new Arguments().pointer(inputs.address()).integer(inputs.stride()).pointer(outputs);
    pass.calls().rows("softmax_over", pass.rows(positions / size), sizes(arguments, pass));
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      Arguments arguments =
          new Arguments().pointer(gradients).pointer(outputs).pointer(below.outputGradients());
      pass.calls()
          .rows("softmax_over_backward", pass.rows(positions / size), sizes(arguments, pass));
    }
  }
}
