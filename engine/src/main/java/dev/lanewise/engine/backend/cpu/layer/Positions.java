package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What lies at some positions, a matrix [rows, width] each. Where a position's rows are all in use
 * and positions follow one another in memory, neighbours are rows of one matrix.
 */
final class Positions {
  private final Matrix[] each;
  private @Nullable Matrix all;

  /** Looks at matrices that another run may have made. */
  Positions(Matrix[] each) {
    this.each = each;
    look();
  }

  /**
   * Has positions of so many rows follow one another.
   *
   * @param signals what {@link RunContext#signals} has made for the run that calls
   */
  static void join(Matrix[] signals, int rows) {
    for (int p = 0; p < signals.length; p++) {
      Matrix now = signals[p];
      signals[p] = now.tensor().matrix((long) p * rows, rows, 0, now.columns());
    }
  }

  /** Looks anew, after matrices were laid out. */
  void look() {
    all = each.length == 0 ? null : joined();
  }

  private @Nullable Matrix joined() {
    Tensor tensor = each[0].tensor();
    int rows = each[0].rows();
    long stride = each[0].rowStride();
    if ((long) each.length * rows > Integer.MAX_VALUE) {
      return null; // more rows than a matrix has
    }
    long before = (each[0].address() - tensor.address()) / Float.BYTES;
    for (int p = 1; p < each.length; p++) {
      boolean next =
          each[p].tensor() == tensor
              && each[p].rows() == rows
              && each[p].address() == each[0].address(p * rows, 0);
      if (!next) {
        return null;
      }
    }
    int column = Math.toIntExact(before % stride);
    return tensor.matrix(before / stride, each.length * rows, column, each[0].columns());
  }

  /** Returns whether neighbours are rows of one matrix if each position has so many. */
  boolean join(int rows) {
    return all != null && each[0].rows() == rows;
  }

  /** Returns the one matrix. */
  Matrix all() {
    return Objects.requireNonNull(all, "positions lie apart");
  }

  /** Sets the rows in use of some positions to one that is repeated. */
  void start(CheckedKernels kernels, WindowRuns part, int rows, Matrix row) {
    int first = part.first();
    if (join(rows)) {
      kernels.start(first * rows, (part.end() - first) * rows, row, all());
      return;
    }
    for (int p = first; p < part.end(); p++) {
      kernels.start(rows, row, each[p]);
    }
  }

  Matrix at(int position) {
    return each[position];
  }

  /** Returns how many rows a position has room for. */
  int rows() {
    return each[0].rows();
  }
}
