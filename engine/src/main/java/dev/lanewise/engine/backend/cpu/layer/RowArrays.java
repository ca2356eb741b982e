package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;

/**
 * Rows of values as arrays, in loops over which the JIT sees vectors and no bounds of a matrix. A
 * value of one column is repeated along a row.
 */
final class RowArrays {
  private RowArrays() {}

  /** Reads a row, or repeats its one element. */
  static void read(Matrix from, int row, float[] to) {
    if (from.columns() == to.length) {
      from.copyRow(row, to);
    } else {
      Arrays.fill(to, from.get(row, 0));
    }
  }

  /** Reads a sample, its positions one after another. */
  static void readAll(Matrix[] from, int row, float[] to) {
    for (int p = 0; p < from.length; p++) {
      from[p].copyRow(row, to, p * from[p].columns());
    }
  }

  /** Sets a sample's positions to what lies there one after another. */
  static void writeAll(float[] from, Matrix[] to, int row) {
    for (int p = 0; p < to.length; p++) {
      to[p].setRow(row, from, p * to[p].columns());
    }
  }

  /**
   * Sets a row, or its one element to their sum, in ascending order.
   *
   * @param terms changed
   * @param adds whether they are added to what is there
   * @param spare as long, changed
   */
  static void leave(float[] terms, boolean adds, Matrix to, int row, float[] spare) {
    if (to.columns() == terms.length) {
      if (adds) {
        to.copyRow(row, spare);
        add(spare, terms);
      }
      to.setRow(row, terms);
      return;
    }
    float sum = adds ? to.get(row, 0) : 0;
    for (float term : terms) {
      sum += term;
    }
    to.set(row, 0, sum);
  }

  /** y = y + x. */
  static void add(float[] x, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] += x[c];
    }
  }

  /** y = y - x. */
  static void subtract(float[] x, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] -= x[c];
    }
  }

  /** y = y * x. */
  static void multiply(float[] x, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] *= x[c];
    }
  }

  /** y = y * factor. */
  static void multiply(float factor, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] *= factor;
    }
  }

  /** y = y / divisor. */
  static void divide(float divisor, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] /= divisor;
    }
  }

  /** y = y / x. */
  static void divide(float[] x, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] /= x[c];
    }
  }

  /** y = max(x, y). */
  static void maximum(float[] x, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] = Math.max(y[c], x[c]);
    }
  }

  /** y = min(x, y). */
  static void minimum(float[] x, float[] y) {
    for (int c = 0; c < y.length; c++) {
      y[c] = Math.min(y[c], x[c]);
    }
  }

  /** z = 0 where x = y. */
  static void clearWhereEqual(float[] x, float[] y, float[] z) {
    for (int c = 0; c < z.length; c++) {
      z[c] = x[c] == y[c] ? 0 : z[c];
    }
  }

  /** z = 0 where x is not y. */
  static void clearWhereApart(float[] x, float[] y, float[] z) {
    for (int c = 0; c < z.length; c++) {
      z[c] = x[c] == y[c] ? z[c] : 0;
    }
  }
}
