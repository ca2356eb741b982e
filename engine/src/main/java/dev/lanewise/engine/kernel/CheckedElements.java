package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.Matrix;

/**
 * {@link ElementKernels} on some rows of matrices that are proven to fit; see {@link
 * CheckedKernels}.
 */
public final class CheckedElements {
  private final ElementKernels kernels;

  /** Wraps an implementation. */
  CheckedElements(ElementKernels kernels) {
    this.kernels = kernels;
  }

  /**
   * y = x with elements dropped, on row {@code row} of both; see {@link ElementKernels#dropout}.
   */
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
    add(0, rows, x, y);
  }

  /** The same on {@code count} rows from row {@code first} on. */
  public void add(int first, int count, Matrix x, Matrix y) {
    Fit.rows("add", first, count, y.columns(), x);
    Fit.rows("add", first, count, y.columns(), y);
    kernels.add(
        count, y.columns(), x.address(first, 0), x.rowStride(), y.address(first, 0), y.rowStride());
  }

  /**
   * x = 0 where it is tiny, on {@code count} rows from row {@code first} on; see {@link
   * ElementKernels#flushTiny}.
   */
  public void flushTiny(int first, int count, Matrix x) {
    Fit.rows("flush", first, count, x.columns(), x);
    kernels.flushTiny(count, x.columns(), x.address(first, 0), x.rowStride());
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

  /**
   * y = x and places = place where x is larger, on {@code count} rows from row {@code first} on;
   * see {@link ElementKernels#maximum}.
   */
  public void maximum(int first, int count, float place, Matrix x, Matrix y, Matrix places) {
    Fit.rows("maximum", first, count, y.columns(), x);
    Fit.rows("maximum", first, count, y.columns(), y);
    Fit.rows("maximum", first, count, y.columns(), places);
    kernels.maximum(
        count,
        y.columns(),
        place,
        x.address(first, 0),
        x.rowStride(),
        y.address(first, 0),
        y.rowStride(),
        places.address(first, 0),
        places.rowStride());
  }

  /**
   * z = z + d where x = y, on {@code count} rows from row {@code first} on; y and d may each be one
   * row that is repeated.
   */
  public void addWhereEqual(int first, int count, Matrix x, Matrix y, Matrix d, Matrix z) {
    requireFactors("add where equal", first, count, x, y, z);
    Fit.repeatable("add where equal", first, count, z.columns(), d);
    kernels.addWhereEqual(
        count,
        z.columns(),
        x.address(first, 0),
        x.rowStride(),
        Fit.address(first, y),
        Fit.stride(y),
        Fit.address(first, d),
        Fit.stride(d),
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
    requireRows("activation", first, count, x, x);
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

  /** y = softmax of x by row, both [rows, n]; maxAndSum [rows, 2] takes each row's two values. */
  public void softmax(int rows, Matrix x, Matrix y, Matrix maxAndSum) {
    requireRows("softmax", 0, rows, y, x);
    Fit.require(
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

  private static void requireRows(String what, int first, int count, Matrix x, Matrix y) {
    int end = first + count;
    Fit.require(first >= 0 && count >= 1 && end <= x.rows() && end <= y.rows(), what, x, y, y);
    Fit.columns(x.columns(), x, y, y);
  }
}
