package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.Matrix;

/**
 * Products that are added to what is there, on rows that begin elsewhere in each matrix; as {@link
 * CheckedKernels}, which makes it, does otherwise.
 */
public final class CheckedProducts {
  private final Kernels kernels;

  CheckedProducts(Kernels kernels) {
    this.kernels = kernels;
  }

  /**
   * c = c + a * b on {@code count} rows.
   *
   * @param a [aRow + count or more, k]
   * @param b [k, n]
   * @param c [cRow + count or more, n]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void add(int count, Matrix a, int aRow, Matrix b, Matrix c, int cRow) {
    requireLeft(count, a, aRow, b.rows(), c);
    Fit.rows("product", cRow, count, b.columns(), c);
    Fit.rows("product", 0, b.rows(), b.columns(), b);
    add(count, a, aRow, b.rows(), b.address(), b.rowStride(), Kernels.LANES, c, cRow);
  }

  /** The same with b in panels. */
  public void add(int count, Matrix a, int aRow, Panels b, Matrix c, int cRow) {
    requireLeft(count, a, aRow, b.rows(), c);
    Fit.rows("product", cRow, count, b.columns(), c);
    add(count, a, aRow, b.rows(), b.address(0), Kernels.LANES, b.stride(), c, cRow);
  }

  private static void requireLeft(int count, Matrix a, int aRow, int depth, Matrix c) {
    boolean fits = aRow >= 0 && count >= 1 && aRow + count <= a.rows() && a.columns() == depth;
    Fit.require(fits, "product", a, c, c);
  }

  private void add(
      int count,
      Matrix a,
      int aRow,
      int depth,
      long b,
      long bStride,
      long bPanel,
      Matrix c,
      int cRow) {
    long to = c.address(cRow, 0);
    kernels.gemm(
        count,
        c.columns(),
        depth,
        a.address(aRow, 0),
        a.rowStride(),
        1,
        b,
        bStride,
        bPanel,
        to,
        c.rowStride(),
        to,
        c.rowStride());
  }

  /**
   * c = c + a^T * b over {@code depth} rows.
   *
   * @param a [aRow + depth or more, m]
   * @param b [bRow + depth or more, n]
   * @param c [m, n]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public void addTransposed(int depth, Matrix a, int aRow, Matrix b, int bRow, Matrix c) {
    requireLeft(depth, a, aRow, c.rows(), c);
    Fit.rows("product of a transpose", bRow, depth, c.columns(), b);
    Fit.rows("product of a transpose", 0, c.rows(), c.columns(), c);
    kernels.gemm(
        c.rows(),
        c.columns(),
        depth,
        a.address(aRow, 0),
        1,
        a.rowStride(),
        b.address(bRow, 0),
        b.rowStride(),
        Kernels.LANES,
        c.address(),
        c.rowStride(),
        c.address(),
        c.rowStride());
  }
}
