package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/** Dropout, by the CPU's hash: the same values are dropped, bit for bit. */
public final class CudaDropout implements CudaLayer {
  private final long key;
  private final double rate;
  private final boolean sameAtAllSteps;
  private final int positions;
  private final int width;
  private final CudaSource below;
  private final long outputs;
  private final long gradients;

  /**
   * Builds the layer.
   *
   * @param sameAtAllSteps whether a sample loses the same elements at all steps
   */
  public CudaDropout(
      LayerMemory memory, double rate, boolean sameAtAllSteps, Shape input, CudaSource below) {
    key = memory.key();
    this.rate = rate;
    this.sameAtAllSteps = sameAtAllSteps;
    positions = input.positions();
    width = input.size(-1);
    this.below = below;
    outputs = memory.training() ? memory.floats("outputs of a dropout", positions, width) : 0;
    gradients = memory.trainingFloats("gradients by a dropout", positions, width);
  }

  @Override
  public Signal outputs(int rows) {
    return outputs == 0 ? below.outputs(rows) : new Signal(outputs, width);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  private void drop(CudaPass pass, Signal from, long to, double share) {
    DropRate of = DropRate.of(share);
    pass.calls()
        .rows(
            "drop",
            pass.rows(positions),
            new Arguments()
                .pointer(pass.batch())
                .pointer(from.address())
                .integer(from.stride())
                .pointer(to)
                .integer(positions)
                .integer(pass.rows())
                .integer(width)
                .pointer(key)
                .integer(of.threshold())
                .real(of.kept())
                .integer(sameAtAllSteps ? 1 : 0));
  }

  @Override
  public void forward(CudaPass pass) {
    if (outputs != 0) { // a model that only answers reads on below
      drop(pass, below.outputs(pass.rows()), outputs, pass.training() ? rate : 0);
    }
  }

  @Override
  public void backward(CudaPass pass) {
    if (below.outputGradients() != 0) {
      drop(pass, new Signal(gradients, width), below.outputGradients(), rate);
    }
  }
}
