package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;

/** An input that tells which steps of others count: those where it is not 0. */
public final class MaskInputRun implements LayerRun {
  private final Matrix[] values;
  private final StepMask mask;

  /** Takes the memory. */
  public MaskInputRun(RunContext context, Shape input) {
    values = new Signals(null, context, input).inputs();
    mask = new StepMask(input.size(0), context.rows());
  }

  @Override
  public Matrix[] inputs() {
    return values;
  }

  @Override
  public Matrix[] outputs() {
    return values;
  }

  @Override
  public Matrix[] outputGradients() {
    return new Matrix[0]; // no layer reads it
  }

  @Override
  public StepMask mask() {
    return mask;
  }

  @Override
  public void forward(Pass pass) {
    mask.begin(pass.rows());
    for (int row = 0; row < pass.rows(); row++) {
      for (int t = 0; t < values[0].columns(); t++) {
        if (values[0].get(row, t) != 0) {
          mask.use(t, row);
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {}
}
