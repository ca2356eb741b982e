package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** A {@link CpuPrelu} at work; at 0 it has no slope, as in Keras. */
final class PreluRun extends BetweenRun {
  private final CpuPrelu layer;
  private final CheckedKernels kernels;
  private final @Nullable StepMask mask;
  private final float[] alpha;
  private final float[] x;
  private final float[] dy;

  PreluRun(CpuPrelu layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    this.layer = layer;
    kernels = context.kernels();
    mask = signals.mask();
    alpha = new float[signals.width()];
    x = new float[signals.width()];
    dy = new float[signals.width()];
  }

  @Override
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      RowArrays.read(layer.alpha, layer.places[p], alpha);
      for (int r = 0; r < pass.rows(); r++) {
        inputs[p].copyRow(r, x);
        for (int c = 0; c < x.length; c++) {
          x[c] = Math.max(0, x[c]) + alpha[c] * Math.min(0, x[c]);
        }
        outputs[p].setRow(r, x);
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    if (layer.alphaGradients.length > 0) {
      Matrix gradient = layer.alphaGradients[pass.shard()];
      kernels.fill(gradient.rows(), layer.zeros, gradient);
      for (int p = 0; p < outputs.length; p++) {
        addSlopes(p, pass.rows(), gradient);
      }
    }
    for (int p = 0; p < inputGradients.length; p++) {
      RowArrays.read(layer.alpha, layer.places[p], alpha);
      for (int r = 0; r < pass.rows(); r++) {
        inputs[p].copyRow(r, x);
        outputGradients[p].copyRow(r, dy);
        for (int c = 0; c < x.length; c++) {
          float sign = Math.signum(x[c]); // 0 at 0, as in Keras
          dy[c] *= Math.max(0, sign) - alpha[c] * Math.min(0, sign);
        }
        inputGradients[p].setRow(r, dy);
      }
    }
  }

  private void addSlopes(int p, int rows, Matrix gradient) {
    for (int r = 0; r < rows; r++) {
      inputs[p].copyRow(r, x);
      outputGradients[p].copyRow(r, dy);
      for (int c = 0; c < x.length; c++) {
        dy[c] *= Math.min(0, x[c]);
      }
      RowArrays.leave(dy, true, gradient, layer.places[p], x);
    }
  }
}
