package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.Matrix;

/** Proofs that matrices have what an operation on some of their rows touches. */
final class Fit {
  private Fit() {}

  /** Requires whole vectors of {@code columns} in {@code count} rows from {@code first} on. */
  static void rows(String what, int first, int count, int columns, Matrix x) {
    boolean fits =
        first >= 0
            && count >= 1
            && first + count <= x.rows()
            && x.columns() == columns
            && Kernels.padded(columns) <= x.paddedColumns();
    if (!fits) {
      throw new IllegalArgumentException(
          what
              + ": rows "
              + first
              + " to "
              + (first + count - 1)
              + " of "
              + columns
              + " columns are not in "
              + x);
    }
  }

  /** The same of a matrix that may be one row, which is then repeated. */
  static void repeatable(String what, int first, int count, int columns, Matrix x) {
    if (x.rows() == 1) {
      rows(what, 0, 1, columns, x);
    } else {
      rows(what, first, count, columns, x);
    }
  }

  /** Requires rows that lie as far apart as another's. */
  static void sameStride(String what, Matrix x, Matrix y) {
    if (x.rowStride() != y.rowStride()) {
      throw new IllegalArgumentException(what + ": rows of " + x + " and " + y + " lie apart");
    }
  }

  /** Returns the address of the row, the one row if it is repeated. */
  static long address(int first, Matrix x) {
    return x.rows() == 1 ? x.address() : x.address(first, 0);
  }

  /** Returns the elements from row to row, 0 where one row is repeated. */
  static long stride(Matrix x) {
    return x.rows() == 1 ? 0 : x.rowStride();
  }

  /** Requires three matrices of whole vectors of {@code columns}. */
  static void columns(int columns, Matrix a, Matrix b, Matrix c) {
    int padded = Kernels.padded(columns);
    require(
        a.columns() == columns
            && b.columns() == columns
            && c.columns() == columns
            && padded <= a.paddedColumns()
            && padded <= b.paddedColumns()
            && padded <= c.paddedColumns(),
        "columns",
        a,
        b,
        c);
  }

  /** Throws unless matrices fit together. */
  static void require(boolean fits, String what, Object a, Object b, Object c) {
    if (!fits) {
      throw new IllegalArgumentException(
          what + ": sizes do not fit together: " + a + ", " + b + ", " + c);
    }
  }
}
