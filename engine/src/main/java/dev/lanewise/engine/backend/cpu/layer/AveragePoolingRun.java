package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.tensor.Matrix;
import java.util.HashMap;
import java.util.Map;

/**
 * {@link dev.lanewise.engine.layer.AveragePooling1D} at work; a mean over all steps is one whose
 * window is the sequence.
 */
public final class AveragePoolingRun extends BetweenRun {
  private final WindowPlaces windows;
  private final CheckedKernels kernels;

  /** What each sum is multiplied by: a row of 1 / (steps of the window inside the sequence). */
  private final ConstantRow[] shares;

  private final Matrix zeros;

  public AveragePoolingRun(WindowPlaces windows, RunContext context, Signals signals) {
    super(context, signals, windows.count(), signals.width());
    this.windows = windows;
    kernels = context.kernels();
    int width = signals.width();
    zeros = context.matrix("zeros", 1, width).matrix();
    shares = new ConstantRow[windows.count()];
    Map<Integer, ConstantRow> bySteps = new HashMap<>();
    for (int p = 0; p < shares.length; p++) {
      shares[p] =
          bySteps.computeIfAbsent(
              windows.inside(p), steps -> new ConstantRow(context, width, 1f / steps));
    }
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      kernels.start(rows, zeros, outputs[p]);
      for (int at = 0; at < windows.size(); at++) {
        int step = windows.step(p, at);
        if (step != WindowPlaces.NONE) {
          kernels.elements().add(rows, inputs[step], outputs[p]);
        }
      }
      kernels.elements().multiply(0, rows, outputs[p], shares[p].matrix(), outputs[p]);
    }
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length == 0) {
      return;
    }
    int rows = pass.rows();
    for (Matrix dx : inputGradients) {
      kernels.start(rows, zeros, dx);
    }
    for (int p = 0; p < outputs.length; p++) {
      Matrix dy = outputGradients[p];
      kernels.elements().multiply(0, rows, dy, shares[p].matrix(), dy);
      for (int at = 0; at < windows.size(); at++) {
        int step = windows.step(p, at);
        if (step != WindowPlaces.NONE) {
          kernels.elements().add(rows, dy, inputGradients[step]);
        }
      }
    }
  }
}
