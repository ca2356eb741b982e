package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The only caller of {@link Kernels}: turns matrices, whose bounds were proven when they were made,
 * into addresses, after proving that they fit together. Whoever calls holds the matrices' arenas
 * ({@code TensorArena.acquire}), so that the memory is live.
 *
 * <p>The checks are a few comparisons a call, where a call does thousands of operations; what
 * follows a product runs on each strip of rows just after its sums, while they are in the first
 * cache.
 */
public final class CheckedKernels {
  private final Kernels kernels;
  private final CheckedLstm lstm;
  private final CheckedGru gru;

  /** Wraps an implementation. */
  public CheckedKernels(Kernels kernels) {
    this.kernels = kernels;
    lstm = new CheckedLstm(kernels.lstm());
    gru = new CheckedGru(kernels.gru());
  }

  /** Returns what an LSTM does between its products. */
  public CheckedLstm lstm() {
    return lstm;
  }

  /** Returns what a GRU does between its products. */
  public CheckedGru gru() {
    return gru;
  }

  /** Returns the implementation in use. */
  public Kernels unchecked() {
    return kernels;
  }

  /**
   * c = s + a * b on the first {@code rows} rows.
   *
   * @param a [rows, k]
   * @param b [k, n]
   * @param s [rows, n], or one row that is repeated; may be {@code c}
   * @param c [rows, n]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void gemm(int rows, Matrix a, Matrix b, Matrix s, Matrix c) {
    require(a.columns() == b.rows(), "gemm", a, b, c);
    gemm(0, rows, a, 0, b, s, c);
  }

  /**
   * Goes over {@code rows} rows strip by strip, each a product's whole tiles and few enough to stay
   * in the first cache through all that is done to it.
   *
   * @param weights elements of the matrices that each strip is multiplied by
   * @param columns columns of a strip's row
   */
  public void inStrips(int rows, long weights, int columns, Strip strip) {
    for (int row = 0, count; row < rows; row += count) {
      count = kernels.stripRows(rows - row, weights, columns);
      strip.rows(row, count);
    }
  }

  /**
   * c = s + a * b on {@code count} rows from row {@code first} on, of k of a's columns from {@code
   * aColumn} on.
   *
   * @param a [rows, aColumn + k or more]
   * @param b [k, n]
   * @param s [rows, n], or one row that is repeated; may be {@code c}
   * @param c [rows, n]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void gemm(int first, int count, Matrix a, int aColumn, Matrix b, Matrix s, Matrix c) {
    int end = first + count;
    boolean repeated = s.rows() == 1;
    require(
        first >= 0
            && count >= 1
            && end <= a.rows()
            && end <= c.rows()
            && aColumn >= 0
            && aColumn + b.rows() <= a.columns(),
        "gemm",
        a,
        b,
        c);
    require(repeated || end <= s.rows(), "gemm start", s, c, c);
    requireColumns(c.columns(), b, s, c);
    kernels.gemm(
        count,
        c.columns(),
        b.rows(),
        a.address(first, aColumn),
        a.rowStride(),
        1,
        b.address(),
        b.rowStride(),
        repeated ? s.address() : s.address(first, 0),
        repeated ? 0 : s.rowStride(),
        c.address(first, 0),
        c.rowStride());
  }

  /** y = x with elements dropped, on row {@code row} of both; see {@link Kernels#dropout}. */
  public void dropout(int row, int key, int threshold, float scale, Matrix x, Matrix y) {
    Fit.rows("dropout", row, 1, y.columns(), x);
    Fit.rows("dropout", row, 1, y.columns(), y);
    kernels.dropout(y.columns(), key, threshold, scale, x.address(row, 0), y.address(row, 0));
  }

  /** x = x where x is above 0, else slope * x, on the first {@code rows} rows. */
  public void leakyRelu(int rows, float slope, Matrix x) {
    Fit.rows("leaky relu", 0, rows, x.columns(), x);
    kernels.leakyRelu(rows, x.columns(), slope, x.address(), x.rowStride());
  }

  /** dy = dy where y is above 0, else slope * dy, on the first {@code rows} rows. */
  public void leakyReluDerivative(int rows, float slope, Matrix dy, Matrix y) {
    Fit.rows("leaky relu", 0, rows, dy.columns(), dy);
    Fit.rows("leaky relu", 0, rows, dy.columns(), y);
    kernels.leakyReluDerivative(
        rows, dy.columns(), slope, dy.address(), dy.rowStride(), y.address(), y.rowStride());
  }

  /** y = y + x on the first {@code rows} rows. */
  public void add(int rows, Matrix x, Matrix y) {
    Fit.rows("add", 0, rows, y.columns(), x);
    Fit.rows("add", 0, rows, y.columns(), y);
    kernels.add(rows, y.columns(), x.address(), x.rowStride(), y.address(), y.rowStride());
  }

  /**
   * z = x * y, each element by itself, on {@code count} rows from row {@code first} on; y may be
   * one row that is repeated.
   */
  public void multiply(int first, int count, Matrix x, Matrix y, Matrix z) {
    requireFactors("multiply", first, count, x, y, z);
    kernels.multiply(
        count,
        z.columns(),
        x.address(first, 0),
        x.rowStride(),
        Fit.address(first, y),
        Fit.stride(y),
        z.address(first, 0),
        z.rowStride());
  }

  /** z = x * y + z; otherwise as {@link #multiply}. */
  public void multiplyAdd(int first, int count, Matrix x, Matrix y, Matrix z) {
    requireFactors("multiply and add", first, count, x, y, z);
    kernels.multiplyAdd(
        count,
        z.columns(),
        x.address(first, 0),
        x.rowStride(),
        Fit.address(first, y),
        Fit.stride(y),
        z.address(first, 0),
        z.rowStride());
  }

  private static void requireFactors(
      String what, int first, int count, Matrix x, Matrix y, Matrix z) {
    Fit.rows(what, first, count, z.columns(), x);
    Fit.repeatable(what, first, count, z.columns(), y);
    Fit.rows(what, first, count, z.columns(), z);
  }

  /** x = f(x) on {@code count} rows from row {@code first} on. */
  public void activation(int first, int count, Matrix x, Elementwise f) {
    require(
        first >= 0
            && count >= 1
            && first + count <= x.rows()
            && Kernels.padded(x.columns()) <= x.paddedColumns(),
        "activation",
        x,
        x,
        x);
    kernels.apply(f, count, x.columns(), x.address(first, 0), x.rowStride());
  }

  /**
   * dy = dy * f' on {@code count} rows from row {@code first} on; y [rows, n] is f's result, or
   * what it was applied to where the {@link Elementwise#derivativeNeedsSums}.
   */
  public void derivative(int first, int count, Matrix dy, Elementwise f, Matrix y) {
    requireRows("derivative", first, count, dy, y);
    kernels.applyDerivative(
        f,
        count,
        dy.columns(),
        dy.address(first, 0),
        dy.rowStride(),
        y.address(first, 0),
        y.rowStride());
  }

  /** c = s on the first {@code rows} rows, as a product of no terms; s as in {@link #gemm}. */
  public void start(int rows, Matrix s, Matrix c) {
    start(0, rows, s, c);
  }

  /** The same on {@code count} rows from row {@code first} on. */
  public void start(int first, int count, Matrix s, Matrix c) {
    int end = first + count;
    boolean repeated = s.rows() == 1;
    require(
        first >= 0 && count >= 1 && end <= c.rows() && (repeated || end <= s.rows()),
        "start",
        s,
        c,
        c);
    requireColumns(c.columns(), s, c, c);
    long address = c.address(first, 0);
    kernels.gemm(
        count,
        c.columns(),
        0,
        address,
        0,
        0,
        address,
        0,
        repeated ? s.address() : s.address(first, 0),
        repeated ? 0 : s.rowStride(),
        address,
        c.rowStride());
  }

  /**
   * c = s + a^T * b over the first {@code depth} rows of a and b.
   *
   * @param a [depth, m]
   * @param b [depth, n]
   * @param s [m, n], or one row that is repeated; may be {@code c}
   * @param c [m, n]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void gemmTransposedA(int depth, Matrix a, Matrix b, Matrix s, Matrix c) {
    require(a.columns() == c.rows() && b.columns() == c.columns(), "gemm A^T B", a, b, c);
    gemmTransposedA(depth, a, 0, b, 0, s, c);
  }

  /**
   * The same with some of the columns of a and b alone: m of a's from {@code aColumn} on, n of b's
   * from {@code bColumn} on.
   *
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void gemmTransposedA(
      int depth, Matrix a, int aColumn, Matrix b, int bColumn, Matrix s, Matrix c) {
    require(
        depth <= a.rows()
            && depth <= b.rows()
            && aColumn >= 0
            && aColumn + c.rows() <= a.columns()
            && bColumn >= 0
            && bColumn + c.columns() <= b.columns()
            && bColumn + Kernels.padded(c.columns()) <= b.paddedColumns(),
        "gemm A^T B",
        a,
        b,
        c);
    requireColumns(c.columns(), c, s, c);
    require(s.rows() == 1 || s.rows() >= c.rows(), "gemm A^T B start", s, c, c);
    kernels.gemm(
        c.rows(),
        c.columns(),
        depth,
        a.address(0, aColumn),
        1,
        a.rowStride(),
        b.address(0, bColumn),
        b.rowStride(),
        s.address(),
        s.rows() == 1 ? 0 : s.rowStride(),
        c.address(),
        c.rowStride());
  }

  /** sums = sums + the sum of the first {@code rows} rows of x [rows, n]; sums [1, n]. */
  public void columnSums(int rows, Matrix x, Matrix sums) {
    require(x.columns() == sums.columns(), "column sums", x, sums, sums);
    columnSums(rows, x, 0, sums);
  }

  /** The same with n of x's columns from {@code column} on. */
  public void columnSums(int rows, Matrix x, int column, Matrix sums) {
    require(
        rows <= x.rows()
            && column >= 0
            && column + sums.columns() <= x.columns()
            && column + Kernels.padded(sums.columns()) <= x.paddedColumns(),
        "column sums",
        x,
        sums,
        sums);
    requireColumns(sums.columns(), sums, sums, sums);
    kernels.columnSums(rows, sums.columns(), x.address(0, column), x.rowStride(), sums.address());
  }

  /** y = softmax of x by row, both [rows, n]; maxAndSum [rows, 2] takes each row's two values. */
  public void softmax(int rows, Matrix x, Matrix y, Matrix maxAndSum) {
    requireSame(rows, y, x);
    require(
        rows <= maxAndSum.rows() && maxAndSum.columns() == 2 && maxAndSum.rowStride() == 2,
        "softmax",
        x,
        y,
        maxAndSum);
    kernels.softmax(
        rows,
        x.columns(),
        x.address(),
        x.rowStride(),
        y.address(),
        y.rowStride(),
        maxAndSum.address());
  }

  /**
   * Sets a row of c to bytes / 255.
   *
   * @throws IndexOutOfBoundsException if the row or the bytes do not exist
   */
  public void scale(byte[] source, int from, Matrix c, int row) {
    Objects.checkIndex(row, c.rows());
    Objects.checkFromIndexSize(from, c.columns(), source.length);
    kernels.scale(c.columns(), source, from, c.address(row, 0));
  }

  /** Sets a row of c to floats; otherwise as the other. */
  public void copy(float[] source, int from, Matrix c, int row) {
    Objects.checkIndex(row, c.rows());
    MemorySegment.copy(
        source, from, AddressSpace.SPACE, ValueLayout.JAVA_FLOAT, c.address(row, 0), c.columns());
  }

  /** y = x on the first {@code rows} rows, real columns alone. */
  public void copy(int rows, Matrix x, Matrix y) {
    copy(0, rows, x, y);
  }

  /** y = x on {@code count} rows from row {@code first} on, real columns alone. */
  public void copy(int first, int count, Matrix x, Matrix y) {
    int end = first + count;
    require(
        first >= 0 && end <= x.rows() && end <= y.rows() && x.columns() == y.columns(),
        "copy",
        x,
        y,
        y);
    long bytes = (long) x.columns() * Float.BYTES;
    for (int row = first; row < end; row++) {
      MemorySegment.copy(
          AddressSpace.SPACE, x.address(row, 0), AddressSpace.SPACE, y.address(row, 0), bytes);
    }
  }

  /** The same for {@code count} columns, from one column on in each. */
  public void copy(int rows, Matrix x, int xColumn, Matrix y, int yColumn, int count) {
    require(
        rows <= x.rows()
            && rows <= y.rows()
            && xColumn >= 0
            && yColumn >= 0
            && xColumn + count <= x.columns()
            && yColumn + count <= y.columns(),
        "copy",
        x,
        y,
        y);
    long bytes = (long) count * Float.BYTES;
    for (int row = 0; row < rows; row++) {
      long from = x.address(row, xColumn);
      MemorySegment.copy(
          AddressSpace.SPACE, from, AddressSpace.SPACE, y.address(row, yColumn), bytes);
    }
  }

  /** Sets the first {@code rows} rows of c to {@code row}, [1, n]. */
  public void fill(int rows, Matrix row, Matrix c) {
    require(row.rows() == 1 && rows <= c.rows(), "fill", row, c, c);
    requireColumns(c.columns(), row, c, c);
    long bytes = (long) c.columns() * Float.BYTES;
    for (int r = 0; r < rows; r++) {
      MemorySegment.copy(
          AddressSpace.SPACE, row.address(), AddressSpace.SPACE, c.address(r, 0), bytes);
    }
  }

  /** y = x^T, x [m, n], y [n, m]. */
  public void transpose(Matrix x, Matrix y) {
    require(x.rows() == y.columns() && x.columns() == y.rows(), "transpose", x, y, y);
    kernels.transpose(
        x.rows(), x.columns(), x.address(), x.rowStride(), y.address(), y.rowStride());
  }

  private static void requireSame(int rows, Matrix x, Matrix y) {
    require(rows <= x.rows() && rows <= y.rows(), "elementwise", x, y, y);
    requireColumns(x.columns(), x, y, y);
  }

  private static void requireRows(String what, int first, int count, Matrix x, Matrix y) {
    int end = first + count;
    require(first >= 0 && count >= 1 && end <= x.rows() && end <= y.rows(), what, x, y, y);
    requireColumns(x.columns(), x, y, y);
  }

  private static void requireColumns(int columns, Matrix a, Matrix b, Matrix c) {
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

  private static void require(boolean fits, String what, Matrix a, Matrix b, Matrix c) {
    if (!fits) {
      throw new IllegalArgumentException(
          what + ": sizes do not fit together: " + a + ", " + b + ", " + c);
    }
  }
}
