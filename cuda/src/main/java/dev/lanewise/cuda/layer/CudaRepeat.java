package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/** A vector at so many positions. */
public final class CudaRepeat implements CudaLayer {
  private final int positions;
  private final int width;
  private final CudaSource below;
  private final long outputs;
  private final long gradients;

  public CudaRepeat(LayerMemory memory, Shape output, CudaSource below) {
    positions = output.positions();
    width = output.size(-1);
    this.below = below;
    outputs = memory.floats("outputs at all positions", positions, width);
    gradients = memory.trainingFloats("gradients at all positions", positions, width);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, width);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  @Override
  public void forward(CudaPass pass) {
    Signal from = below.outputs(pass.rows());
    pass.calls()
        .rows(
            "repeat",
            pass.rows(positions),
            new Arguments()
                .pointer(from.address())
                .integer(from.stride())
                .pointer(outputs)
                .integer(positions)
                .integer(width)
                .integer(pass.rows()));
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      pass.calls()
          .rows(
              "repeat_backward",
              pass.rows(),
              new Arguments()
                  .pointer(gradients)
                  .pointer(below.outputGradients())
                  .integer(positions)
                  .integer(width)
                  .integer(pass.rows()));
    }
  }
}
