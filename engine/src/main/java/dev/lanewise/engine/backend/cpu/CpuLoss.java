package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * The loss and metrics of a batch. Shards leave each row's values here; {@link #addTo} then adds
 * them row by row in the batch's order, so that sums depend neither on threads nor on batch sizes.
 */
final class CpuLoss {
  private final CheckedKernels kernels;
  private final boolean fusedSoftmax;
  private final RowLoss rule;
  private final double[] losses;
  private final double[] correct;
  private final double[] absoluteErrors;

  CpuLoss(CheckedKernels kernels, ModelSpec spec, int maximumBatch) {
    this.kernels = kernels;
    fusedSoftmax = spec.lossForm().takesLogits();
    rule =
        switch (spec.lossForm()) {
          case SOFTMAX_CROSSENTROPY -> RowLoss.SOFTMAX_CROSSENTROPY;
          case CLIPPED_CROSSENTROPY -> RowLoss.CLIPPED_CROSSENTROPY;
          case MEAN_SQUARED_ERROR -> RowLoss.MEAN_SQUARED_ERROR;
        };
    losses = new double[maximumBatch];
    correct = new double[maximumBatch];
    absoluteErrors = new double[maximumBatch];
  }

  /**
   * Computes a shard's losses, metrics and gradients by the outputs.
   *
   * @param workspace where the outputs are
   * @param firstRow the shard's first row in the batch
   * @param rows its rows
   */
  void compute(Workspace workspace, int firstRow, int rows, Batch batch) {
    Dataset data = batch.data();
    Matrix[] outputs = workspace.outputs();
    Matrix[] gradients = workspace.outputGradients();
    float scale = 1f / batch.size() / outputs.length;
    for (int r = 0; r < rows; r++) {
      int i = batch.place(firstRow + r);
      losses[i] = 0;
      correct[i] = 0;
      absoluteErrors[i] = 0;
    }
    for (int p = 0; p < outputs.length; p++) {
      finish(rows, workspace, outputs[p], gradients[p]);
      for (int r = 0; r < rows; r++) {
        int sample = batch.sample(firstRow + r);
        int i = batch.place(firstRow + r);
        correct[i] += correct(gradients[p], r, data, sample, p) / outputs.length;
        absoluteErrors[i] += absoluteError(gradients[p], r, data, sample, p) / outputs.length;
        losses[i] +=
            rule.of(outputs[p], gradients[p], workspace.maxAndSum(), r, data, sample, p, scale)
                / outputs.length;
      }
    }
  }

  /** Leaves the outputs as the user sees them in {@code target}. */
  void finish(int rows, Workspace workspace, Matrix outputs, Matrix target) {
    if (fusedSoftmax) {
      kernels.softmax(rows, outputs, target, workspace.maxAndSum());
    } else {
      kernels.copy(rows, outputs, target);
    }
  }

  /** Adds the rows of a batch to sums. */
  void addTo(Totals totals, int rows) {
    for (int i = 0; i < rows; i++) {
      totals.add(losses[i], correct[i], absoluteErrors[i], 1);
    }
  }

  private static double correct(Matrix y, int row, Dataset data, int sample, int position) {
    int units = y.columns();
    if (units == 1) {
      boolean expected = Targets.of(data, sample, position, 1, 0) > 0.5f;
      return y.get(row, 0) > 0.5f == expected ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < units; c++) {
      if (y.get(row, c) > y.get(row, best)) {
        best = c;
      }
    }
    return best == Targets.classOf(data, sample, position, units) ? 1 : 0;
  }

  private static double absoluteError(Matrix y, int row, Dataset data, int sample, int position) {
    int units = y.columns();
    double sum = 0;
    for (int c = 0; c < units; c++) {
      sum += Math.abs((double) y.get(row, c) - Targets.of(data, sample, position, units, c));
    }
    return sum / units;
  }
}
