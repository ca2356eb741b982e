package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * {@link dev.lanewise.engine.layer.GlobalAveragePooling1D} under a mask: the mean of the steps that
 * count, zero of none, where Keras has 0 / 0.
 */
public final class MaskedAverageRun extends BetweenRun {
  private final CheckedKernels kernels;
  private final StepMask mask;
  private final ConstantRow ones;
  private final Matrix zeros;

  /**
   * Takes the memory.
   *
   * @param mask which steps of the inputs count
   */
  public MaskedAverageRun(StepMask mask, RunContext context, Signals signals) {
    super(context, signals, 1, signals.width());
    this.mask = mask;
    kernels = context.kernels();
    int width = signals.width();
    ones = new ConstantRow(context, width, 1);
    zeros = context.matrix("zeros", 1, width).matrix();
  }

  @Override
  public void forward(Pass pass) {
    kernels.start(pass.rows(), zeros, outputs[0]);
    for (int t = 0; t < inputs.length; t++) {
      addUsed(t, pass.rows(), inputs[t], outputs[0]);
    }
    divide(pass.rows(), outputs[0]);
  }

  private void addUsed(int step, int rows, Matrix from, Matrix to) {
    for (int first = mask.nextUsed(step, 0); first < rows; ) {
      int end = mask.nextMasked(step, first);
      kernels.elements().multiplyAdd(first, end - first, from, ones.matrix(), to);
      first = mask.nextUsed(step, end);
    }
  }

  private void divide(int rows, Matrix sums) {
    for (int row = 0; row < rows; row++) {
      int used = 0;
      for (int t = 0; t < inputs.length; t++) {
        used += mask.uses(t, row) ? 1 : 0;
      }
      for (int column = 0; used > 0 && column < sums.columns(); column++) {
        sums.set(row, column, sums.get(row, column) / used);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length == 0) {
      return;
    }
    divide(pass.rows(), outputGradients[0]);
    for (int t = 0; t < inputs.length; t++) {
      kernels.start(pass.rows(), zeros, inputGradients[t]);
      addUsed(t, pass.rows(), outputGradients[0], inputGradients[t]);
    }
  }
}
