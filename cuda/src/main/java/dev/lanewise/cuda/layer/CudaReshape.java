package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/** The same values of each sample in another shape. */
public final class CudaReshape implements CudaLayer {
  private final Shape input;
  private final Shape output;
  private final CudaSource below;
  private final long outputs;
  private final long gradients;

  public CudaReshape(LayerMemory memory, Shape input, Shape output, CudaSource below) {
    this.input = input;
    this.output = output;
    this.below = below;
    outputs = memory.floats("outputs in another shape", output.positions(), output.size(-1));
    gradients =
        memory.trainingFloats("gradients in another shape", output.positions(), output.size(-1));
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, output.size(-1));
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  private static void reshape(CudaPass pass, Signal from, Shape shape, long to, Shape other) {
    pass.calls()
        .rows(
            "reshape",
            pass.rows(other.positions()),
            new Arguments()
                .pointer(from.address())
                .integer(from.stride())
                .integer(shape.size(-1))
                .pointer(to)
                .integer(other.positions())
                .integer(other.size(-1))
                .integer(pass.rows()));
  }

  @Override
  public void forward(CudaPass pass) {
    reshape(pass, below.outputs(pass.rows()), input, outputs, output);
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      Signal from = new Signal(gradients, output.size(-1));
      reshape(pass, from, output, below.outputGradients(), input);
    }
  }
}
