package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/** {@link dev.lanewise.engine.layer.GlobalMaxPooling1D} at work. */
public final class GlobalMaxRun extends BetweenRun {
  private final CheckedKernels kernels;

  /** How many steps have the largest value; in a pass forward what nobody asks for. */
  private final Matrix counts;

  private final Matrix zeros;
  private final ConstantRow ones;

  public GlobalMaxRun(RunContext context, Signals signals) {
    super(context, signals, 1, signals.width());
    kernels = context.kernels();
    int width = signals.width();
    counts = context.signals("counts", 1, width)[0];
    zeros = context.matrix("zeros", 1, width).matrix();
    ones = new ConstantRow(context, width, 1);
  }

  @Override
  public void forward(Pass pass) {
    kernels.start(pass.rows(), inputs[0], outputs[0]);
    for (int step = 1; step < inputs.length; step++) {
      kernels.elements().maximum(0, pass.rows(), step, inputs[step], outputs[0], counts);
    }
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length == 0) {
      return;
    }
    int rows = pass.rows();
    Matrix dy = outputGradients[0];
    kernels.start(rows, zeros, counts);
    for (Matrix x : inputs) {
      kernels.elements().addWhereEqual(0, rows, x, outputs[0], ones.matrix(), counts);
    }
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < dy.columns(); c++) {
        dy.set(r, c, dy.get(r, c) / counts.get(r, c)); // once for all steps: no kernel's worth
      }
    }
    for (int step = 0; step < inputs.length; step++) {
      kernels.start(rows, zeros, inputGradients[step]);
      kernels.elements().addWhereEqual(0, rows, inputs[step], outputs[0], dy, inputGradients[step]);
    }
  }
}
