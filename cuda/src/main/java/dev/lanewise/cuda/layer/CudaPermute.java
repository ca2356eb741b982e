package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.tensor.Shape;

/** The same values with the sizes of a sample in another order; see places.cu. */
public final class CudaPermute extends CudaValues {
  private final Shape input;
  private final Shape output;
  private final int[] inInput;
  private final int[] inOutput;

  public CudaPermute(LayerMemory memory, Permute layer, Shape input, CudaSource below) {
    super(memory, "an order of sizes", layer.outputShape(input), below);
    this.input = input;
    output = layer.outputShape(input);
    int[] ofInput = CudaAxes.apart(input);
    int[] ofOutput = CudaAxes.apart(output);
    inInput = new int[ofInput.length];
    inOutput = new int[ofInput.length];
    for (int i = 0; i < inInput.length; i++) {
      int axis = layer.dims().get(i) - 1;
      inInput[i] = ofInput[axis];
      inOutput[axis] = ofOutput[i];
    }
  }

  private static void permute(
      CudaPass pass, Signal from, Shape shape, long to, Shape other, int[] apart) {
    pass.calls()
        .rows(
            "permute",
            pass.rows(other.positions()),
            new Arguments()
                .pointer(from.address())
                .integer(from.stride())
                .integer(shape.size(-1))
                .pointer(to)
                .integer(other.positions())
                .integer(other.size(-1))
                .integer(pass.rows())
                .integer(0)
                .struct(CudaAxes.of(other, apart)));
  }

  @Override
  public void forward(CudaPass pass) {
    permute(pass, below.outputs(pass.rows()), input, outputs, output, inInput);
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      Signal from = new Signal(gradients, width);
      permute(pass, from, output, below.outputGradients(), input, inOutput);
    }
  }
}
