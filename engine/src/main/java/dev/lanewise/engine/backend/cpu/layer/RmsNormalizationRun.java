package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A {@link CpuRmsNormalization} at work; a row's sums are in double, its elements in ascending
 * order.
 */
final class RmsNormalizationRun extends BetweenRun {
  private final CpuRmsNormalization layer;
  private final CheckedKernels kernels;

  RmsNormalizationRun(CpuRmsNormalization layer, RunContext context, Signals signals) {
    super(context, signals, signals.positions(), signals.width());
    this.layer = layer;
    kernels = context.kernels();
  }

  private double factor(Matrix x, int row) {
    double squares = 0;
    for (int c = 0; c < x.columns(); c++) {
      squares += (double) x.get(row, c) * x.get(row, c);
    }
    return 1 / Math.sqrt(squares / x.columns() + layer.epsilon);
  }

  @Override
  public void forward(Pass pass) {
    for (int p = 0; p < outputs.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        double factor = factor(inputs[p], r);
        for (int c = 0; c < outputs[p].columns(); c++) {
          double y = inputs[p].get(r, c) * factor * layer.scale.get(0, c);
          outputs[p].set(r, c, (float) y);
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    boolean trained = layer.scaleGradients.length > 0;
    Matrix gradient = trained ? layer.scaleGradients[pass.shard()] : layer.scale;
    if (trained) {
      kernels.fill(1, layer.zeros, gradient);
    }
    for (int p = 0; p < outputs.length; p++) {
      for (int r = 0; r < pass.rows(); r++) {
        double factor = factor(inputs[p], r);
        for (int c = 0; trained && c < outputs[p].columns(); c++) {
          double share = outputGradients[p].get(r, c) * inputs[p].get(r, c) * factor;
          gradient.set(0, c, (float) (gradient.get(0, c) + share));
        }
        if (inputGradients.length > 0) {
          goBack(p, r, factor);
        }
      }
    }
  }

  /** dx = (dn - n * mean(dn * n)) * factor, n being the vector before it is scaled. */
  private void goBack(int p, int r, double factor) {
    Matrix x = inputs[p];
    Matrix dy = outputGradients[p];
    double share = 0;
    for (int c = 0; c < x.columns(); c++) {
      share += (double) dy.get(r, c) * layer.scale.get(0, c) * x.get(r, c) * factor;
    }
    share /= x.columns();
    for (int c = 0; c < x.columns(); c++) {
      double dn = (double) dy.get(r, c) * layer.scale.get(0, c);
      inputGradients[p].set(r, c, (float) ((dn - x.get(r, c) * factor * share) * factor));
    }
  }
}
