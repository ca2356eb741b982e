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
 * <p>The checks are a few comparisons a call, where a call does thousands of operations.
 */
public final class CheckedKernels {
  private final Kernels kernels;
  private final CheckedElements elements;
  private final CheckedProducts products;
  private final CheckedLstm lstm;
  private final CheckedGru gru;

  /** Wraps an implementation. */
  public CheckedKernels(Kernels kernels) {
    this.kernels = kernels;
    elements = new CheckedElements(kernels.elements());
    products = new CheckedProducts(kernels);
    lstm = new CheckedLstm(kernels.lstm());
    gru = new CheckedGru(kernels.gru());
  }

  /** Returns what is done to elements one by one, and to rows. */
  public CheckedElements elements() {
    return elements;
  }

  /** Returns products that are added to what is there. */
  public CheckedProducts products() {
    return products;
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
    Fit.require(a.columns() == b.rows(), "gemm", a, b, c);
    gemm(0, rows, a, 0, b, s, c);
  }

  /**
   * Goes over {@code rows} rows from row {@code first} on, strip by strip, each a product's whole
   * tiles and few enough to stay in the first cache through all that is done to it.
   *
   * @param weights elements of the matrices that each strip is multiplied by
   * @param columns columns of a strip's row
   */
  public void inStrips(int first, int rows, long weights, int columns, Strip strip) {
    int end = first + rows;
    for (int row = first, count; row < end; row += count) {
      count = kernels.stripRows(end - row, weights, columns);
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
    Fit.require(
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
    Fit.require(repeated || end <= s.rows(), "gemm start", s, c, c);
    Fit.columns(c.columns(), b, s, c);
    kernels.gemm(
        count,
        c.columns(),
        b.rows(),
        a.address(first, aColumn),
        a.rowStride(),
        1,
        b.address(),
        b.rowStride(),
        Kernels.LANES,
        repeated ? s.address() : s.address(first, 0),
        repeated ? 0 : s.rowStride(),
        c.address(first, 0),
        c.rowStride());
  }

  /** The same with b in panels. */
  public void gemm(int first, int count, Matrix a, int aColumn, Panels b, Matrix s, Matrix c) {
    int end = first + count;
    boolean fits =
        first >= 0
            && count >= 1
            && end <= a.rows()
            && aColumn >= 0
            && aColumn + b.rows() <= a.columns()
            && b.columns() == c.columns();
    Fit.require(fits, "gemm", a, b, c);
    Fit.rows("gemm", first, count, c.columns(), c);
    Fit.repeatable("gemm start", first, count, c.columns(), s);
    kernels.gemm(
        count,
        c.columns(),
        b.rows(),
        a.address(first, aColumn),
        a.rowStride(),
        1,
        b.address(0),
        Kernels.LANES,
        b.stride(),
        Fit.address(first, s),
        Fit.stride(s),
        c.address(first, 0),
        c.rowStride());
  }

  /**
   * Copies rows and columns into panels.
   *
   * @param count the rows
   * @param x has them from row {@code xRow} and column {@code xColumn} on, with their padding
   * @param columns the columns
   * @param y takes them from row {@code yRow} and its first column on
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void pack(int count, Matrix x, int xRow, int xColumn, int columns, Panels y, int yRow) {
    boolean fits =
        count >= 1
            && xRow >= 0
            && xRow + count <= x.rows()
            && xColumn >= 0
            && xColumn + columns <= x.columns()
            && xColumn + Kernels.padded(columns) <= x.paddedColumns()
            && yRow >= 0
            && yRow + count <= y.rows()
            && columns <= y.columns();
    Fit.require(fits, "pack", x, y, x);
    kernels.pack(
        count, columns, x.address(xRow, xColumn), x.rowStride(), y.address(yRow), y.stride());
  }

  /**
   * c = s + a * b on row {@code row} alone, of some of b's rows.
   *
   * @param a [rows, depth]
   * @param b [bRow + depth or more, n]
   * @param s [rows, n], or one row; may be {@code c}
   * @param c [rows, n]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void rowTimesHalves(int row, Matrix a, Halves b, int bRow, int depth, Matrix s, Matrix c) {
    boolean fits =
        row >= 0
            && row < a.rows()
            && bRow >= 0
            && bRow + depth <= b.rows()
            && depth <= a.columns()
            && b.columns() == c.columns();
    Fit.require(fits, "row times halves", a, s, c);
    Fit.rows("row times halves", row, 1, b.columns(), c);
    Fit.repeatable("row times halves", row, 1, b.columns(), s);
    kernels.rowTimesHalves(
        b.columns(),
        depth,
        a.address(row, 0),
        b.address(bRow),
        b.rowStride(),
        Fit.address(row, s),
        c.address(row, 0));
  }

  /** c = s on the first {@code rows} rows, as a product of no terms; s as in {@link #gemm}. */
  public void start(int rows, Matrix s, Matrix c) {
    start(0, rows, s, c);
  }

  /** The same on {@code count} rows from row {@code first} on. */
  public void start(int first, int count, Matrix s, Matrix c) {
    int end = first + count;
    boolean repeated = s.rows() == 1;
    Fit.require(
        first >= 0 && count >= 1 && end <= c.rows() && (repeated || end <= s.rows()),
        "start",
        s,
        c,
        c);
    Fit.columns(c.columns(), s, c, c);
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
        Kernels.LANES,
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
    Fit.require(a.columns() == c.rows() && b.columns() == c.columns(), "gemm A^T B", a, b, c);
    gemmTransposedA(0, depth, a, 0, b, 0, s, c);
  }

  /**
   * The same with some of a's and b's elements alone: {@code depth} rows from row {@code first} on,
   * m of a's columns from {@code aColumn} on, n of b's from {@code bColumn} on.
   *
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void gemmTransposedA(
      int first, int depth, Matrix a, int aColumn, Matrix b, int bColumn, Matrix s, Matrix c) {
    Fit.require(
        first >= 0
            && first + depth <= a.rows()
            && first + depth <= b.rows()
            && aColumn >= 0
            && aColumn + c.rows() <= a.columns()
            && bColumn >= 0
            && bColumn + c.columns() <= b.columns()
            && bColumn + Kernels.padded(c.columns()) <= b.paddedColumns(),
        "gemm A^T B",
        a,
        b,
        c);
    Fit.columns(c.columns(), c, s, c);
    Fit.require(s.rows() == 1 || s.rows() >= c.rows(), "gemm A^T B start", s, c, c);
    kernels.gemm(
        c.rows(),
        c.columns(),
        depth,
        a.address(first, aColumn),
        1,
        a.rowStride(),
        b.address(first, bColumn),
        b.rowStride(),
        Kernels.LANES,
        s.address(),
        s.rows() == 1 ? 0 : s.rowStride(),
        c.address(),
        c.rowStride());
  }

  /**
   * The same with b in panels, of which {@code depth} rows from the first on are taken, and the
   * first n columns.
   *
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void gemmTransposedA(
      int first, int depth, Matrix a, int aColumn, Panels b, Matrix s, Matrix c) {
    boolean fits =
        first >= 0
            && first + depth <= a.rows()
            && depth <= b.rows()
            && aColumn >= 0
            && aColumn + c.rows() <= a.columns()
            && c.columns() <= b.columns();
    Fit.require(fits, "gemm A^T B", a, b, c);
    Fit.rows("gemm A^T B", 0, c.rows(), c.columns(), c);
    Fit.repeatable("gemm A^T B start", 0, c.rows(), c.columns(), s);
    kernels.gemm(
        c.rows(),
        c.columns(),
        depth,
        a.address(first, aColumn),
        1,
        a.rowStride(),
        b.address(0),
        Kernels.LANES,
        b.stride(),
        s.address(),
        Fit.stride(s),
        c.address(),
        c.rowStride());
  }

  /** sums = sums + the sum of the first {@code rows} rows of x [rows, n]; sums [1, n]. */
  public void columnSums(int rows, Matrix x, Matrix sums) {
    Fit.require(x.columns() == sums.columns(), "column sums", x, sums, sums);
    columnSums(0, rows, x, 0, sums);
  }

  /** The same of {@code rows} rows from row {@code first} on, n of x's columns from another on. */
  public void columnSums(int first, int rows, Matrix x, int column, Matrix sums) {
    Fit.require(
        first >= 0
            && first + rows <= x.rows()
            && column >= 0
            && column + sums.columns() <= x.columns()
            && column + Kernels.padded(sums.columns()) <= x.paddedColumns(),
        "column sums",
        x,
        sums,
        sums);
    Fit.columns(sums.columns(), sums, sums, sums);
    kernels.columnSums(
        rows, sums.columns(), x.address(first, column), x.rowStride(), sums.address());
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
    copyRows(count, x, first, y, first);
  }

  /** The same from one row on in x, and another in y. */
  public void copyRows(int count, Matrix x, int xRow, Matrix y, int yRow) {
    Fit.require(x.columns() == y.columns(), "copy", x, y, y);
    copy(count, x, xRow, 0, y, yRow, 0, x.columns());
  }

  /**
   * The same to every {@code step}th row of y, the first of which is {@code first}.
   *
   * @param rows how many
   */
  public void copyApart(int rows, Matrix x, Matrix y, int first, int step) {
    Fit.require(fitsEvery(rows, x, y, first, step), "copy apart", x, y, y);
    copy(rows, x.address(), x.rowStride(), y.address(first, 0), y.rowStride() * step, x);
  }

  /** The other way round, from every {@code step}th row of y. */
  public void copyTogether(int rows, Matrix x, Matrix y, int first, int step) {
    Fit.require(fitsEvery(rows, x, y, first, step), "copy together", x, y, y);
    copy(rows, y.address(first, 0), y.rowStride() * step, x.address(), x.rowStride(), x);
  }

  private static boolean fitsEvery(int rows, Matrix x, Matrix y, int first, int step) {
    return rows >= 1
        && first >= 0
        && step >= 1
        && rows <= x.rows()
        && first + (rows - 1L) * step < y.rows()
        && x.columns() == y.columns();
  }

  private static void copy(int rows, long from, long fromStride, long to, long toStride, Matrix x) {
    long bytes = (long) x.columns() * Float.BYTES;
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(
          AddressSpace.SPACE,
          from + row * fromStride * Float.BYTES,
          AddressSpace.SPACE,
          to + row * toStride * Float.BYTES,
          bytes);
    }
  }

  /** The same for {@code count} columns, from one column on in each. */
  public void copy(int rows, Matrix x, int xColumn, Matrix y, int yColumn, int count) {
    copy(rows, x, 0, xColumn, y, 0, yColumn, count);
  }

  private static void copy(
      int rows, Matrix x, int xRow, int xColumn, Matrix y, int yRow, int yColumn, int count) {
    boolean fits =
        Math.min(Math.min(xRow, yRow), Math.min(xColumn, yColumn)) >= 0
            && xRow <= x.rows() - rows
            && yRow <= y.rows() - rows
            && xColumn <= x.columns() - count
            && yColumn <= y.columns() - count;
    Fit.require(fits, "copy", x, y, y);
    long bytes = (long) count * Float.BYTES;
    for (int row = 0; row < rows; row++) {
      long from = x.address(xRow + row, xColumn);
      long to = y.address(yRow + row, yColumn);
      MemorySegment.copy(AddressSpace.SPACE, from, AddressSpace.SPACE, to, bytes);
    }
  }

  /** Sets the first {@code rows} rows of c to {@code row}, [1, n]. */
  public void fill(int rows, Matrix row, Matrix c) {
    fill(0, rows, row, c);
  }

  /** The same with {@code count} rows from row {@code first} on. */
  public void fill(int first, int count, Matrix row, Matrix c) {
    boolean fits = row.rows() == 1 && first >= 0 && first + count <= c.rows();
    Fit.require(fits, "fill", row, c, c);
    Fit.columns(c.columns(), row, c, c);
    long bytes = (long) c.columns() * Float.BYTES;
    for (int r = first; r < first + count; r++) {
      MemorySegment.copy(
          AddressSpace.SPACE, row.address(), AddressSpace.SPACE, c.address(r, 0), bytes);
    }
  }

  /** y = x^T, x [m, n], y [n, m]. */
  public void transpose(Matrix x, Matrix y) {
    Fit.require(x.rows() == y.columns() && x.columns() == y.rows(), "transpose", x, y, y);
    kernels.transpose(
        x.rows(), x.columns(), x.address(), x.rowStride(), y.address(), y.rowStride());
  }
}
