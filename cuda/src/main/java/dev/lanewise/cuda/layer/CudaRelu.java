package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.tensor.Shape;

/** A rectifier with options; see rectify.cu. */
public final class CudaRelu extends CudaValues {
  private final Relu layer;
  private final double most;

  public CudaRelu(LayerMemory memory, Relu layer, Shape input, CudaSource below) {
    super(memory, "a rectifier", input, below);
    this.layer = layer;
    most = layer.maxValue() == null ? Double.POSITIVE_INFINITY : layer.maxValue();
  }

  private Arguments sizes(Arguments begin, int all) {
    return begin
        .integer(all)
        .integer(width)
        .real(layer.negativeSlope())
        .real(layer.threshold())
        .real(most);
  }

  @Override
  public void forward(CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    int all = pass.rows(positions);
    Arguments arguments =
        new Arguments().pointer(inputs.address()).integer(inputs.stride()).pointer(outputs);
    pass.calls().rows("relu_forward", all, sizes(arguments, all));
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      Signal inputs = below.outputs(pass.rows());
      int all = pass.rows(positions);
      Arguments arguments =
          new Arguments()
              .pointer(inputs.address())
              .integer(inputs.stride())
              .pointer(gradients)
              .pointer(below.outputGradients());
      pass.calls().rows("relu_backward", all, sizes(arguments, all));
    }
  }
}
