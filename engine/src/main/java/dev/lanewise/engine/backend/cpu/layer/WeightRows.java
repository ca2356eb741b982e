package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Weights along some axes as a run works with them: a row a position, see {@link PlacedRows}. Rows
 * of one weight are spread before a pass forward, and their gradients are added up, in ascending
 * order, after one back.
 */
final class WeightRows {
  private final AxisPlaces places;
  private final Matrix weights;

  /** Those that are rows as they are. */
  private final Matrix[] rows;

  private final @Nullable PlacedRows spread;
  private final Matrix[] gradients;

  /**
   * Takes memory.
   *
   * @param width the width of a vector
   */
  WeightRows(CpuParameter parameter, AxisPlaces places, RunContext context, int width) {
    this.places = places;
    weights = parameter.matrix();
    boolean whole = places.columns() == width;
    rows = whole ? PlacedRows.rowsOf(weights) : new Matrix[0];
    spread = whole ? null : new PlacedRows("spread weights", places, context, width);
    boolean learns = context.training() && parameter.isTrained();
    gradients =
        learns
            ? PlacedRows.rowsOf(context.matrix("gradient rows", places.rows(), width).matrix())
            : new Matrix[0];
  }

  /** Takes the weights as they are now. */
  void renew() {
    for (int r = 0; spread != null && r < weights.rows(); r++) {
      spread.set(r, weights.get(r, 0));
    }
  }

  Matrix at(int position) {
    return spread == null ? rows[places.row(position)] : spread.at(position);
  }

  boolean learns() {
    return gradients.length > 0;
  }

  /** Returns the sums of a position's gradients, to which others of its row are added. */
  Matrix gradientAt(int position) {
    return gradients[places.row(position)];
  }

  /** Begins the gradients. */
  void clear(CheckedKernels kernels, Matrix zeros) {
    for (Matrix gradient : gradients) {
      kernels.fill(1, zeros, gradient);
    }
  }

  /** Hands the gradients over to a shard's. */
  void finish(CheckedKernels kernels, Matrix shardGradient) {
    for (int r = 0; r < gradients.length; r++) {
      if (spread != null) {
        double sum = 0;
        for (int c = 0; c < gradients[r].columns(); c++) {
          sum += gradients[r].get(0, c);
        }
        shardGradient.set(r, 0, (float) sum);
      } else {
        kernels.copyRows(1, gradients[r], 0, shardGradient, r);
      }
    }
  }
}
