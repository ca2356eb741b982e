package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.Matrix;

/**
 * {@link LstmKernels} on some rows of matrices that are proven to fit; see {@link CheckedKernels}.
 */
public final class CheckedLstm {
  private static final int VALUES = 6;
  private static final int GATES = 4;

  private final LstmKernels kernels;

  /** Wraps an implementation. */
  CheckedLstm(LstmKernels kernels) {
    this.kernels = kernels;
  }

  /** c = f * previous + i * g, and its copy; {@code previous} may be one row that is repeated. */
  public void state(
      int first, int count, Matrix i, Matrix f, Matrix g, Matrix previous, Matrix c, Matrix copy) {
    int columns = i.columns();
    Fit.rows("LSTM state", first, count, columns, i);
    Fit.rows("LSTM state", first, count, columns, f);
    Fit.rows("LSTM state", first, count, columns, g);
    Fit.repeatable("LSTM state", first, count, columns, previous);
    Fit.rows("LSTM state", first, count, columns, c);
    Fit.rows("LSTM state", first, count, columns, copy);
    Fit.sameStride("LSTM state", i, f);
    Fit.sameStride("LSTM state", i, g);
    Fit.sameStride("LSTM state", c, copy);
    kernels.state(
        count,
        columns,
        i.address(first, 0),
        f.address(first, 0),
        g.address(first, 0),
        i.rowStride(),
        Fit.address(first, previous),
        Fit.stride(previous),
        c.address(first, 0),
        copy.address(first, 0),
        c.rowStride());
  }

  /**
   * d = (dh + upstream) * y, dy = (dh + upstream) * o; dh and upstream may each be one row that is
   * repeated.
   */
  public void outputGradient(
      int first, int count, Matrix dh, Matrix upstream, Matrix o, Matrix y, Matrix d, Matrix dy) {
    int columns = o.columns();
    Fit.repeatable("LSTM output gradient", first, count, columns, dh);
    Fit.repeatable("LSTM output gradient", first, count, columns, upstream);
    Fit.rows("LSTM output gradient", first, count, columns, o);
    Fit.rows("LSTM output gradient", first, count, columns, y);
    Fit.rows("LSTM output gradient", first, count, columns, d);
    Fit.rows("LSTM output gradient", first, count, columns, dy);
    Fit.sameStride("LSTM output gradient", o, y);
    kernels.outputGradient(
        count,
        columns,
        Fit.address(first, dh),
        Fit.stride(dh),
        Fit.address(first, upstream),
        Fit.stride(upstream),
        o.address(first, 0),
        y.address(first, 0),
        o.rowStride(),
        d.address(first, 0),
        d.rowStride(),
        dy.address(first, 0),
        dy.rowStride());
  }

  /**
   * s = dc + later; di = s * g, df = s * previous, dg = s * i, later = s * f; {@code previous} may
   * be one row that is repeated.
   */
  public void stateGradient(
      int first,
      int count,
      Matrix dc,
      Matrix later,
      Matrix i,
      Matrix f,
      Matrix g,
      Matrix previous,
      Matrix di,
      Matrix df,
      Matrix dg) {
    int columns = i.columns();
    Fit.rows("LSTM state gradient", first, count, columns, dc);
    Fit.rows("LSTM state gradient", first, count, columns, later);
    Fit.rows("LSTM state gradient", first, count, columns, i);
    Fit.rows("LSTM state gradient", first, count, columns, f);
    Fit.rows("LSTM state gradient", first, count, columns, g);
    Fit.repeatable("LSTM state gradient", first, count, columns, previous);
    Fit.rows("LSTM state gradient", first, count, columns, di);
    Fit.rows("LSTM state gradient", first, count, columns, df);
    Fit.rows("LSTM state gradient", first, count, columns, dg);
    Fit.sameStride("LSTM state gradient", dc, later);
    Fit.sameStride("LSTM state gradient", i, f);
    Fit.sameStride("LSTM state gradient", i, g);
    Fit.sameStride("LSTM state gradient", di, df);
    Fit.sameStride("LSTM state gradient", di, dg);
    kernels.stateGradient(
        count,
        columns,
        dc.address(first, 0),
        later.address(first, 0),
        dc.rowStride(),
        i.address(first, 0),
        f.address(first, 0),
        g.address(first, 0),
        i.rowStride(),
        Fit.address(first, previous),
        Fit.stride(previous),
        di.address(first, 0),
        df.address(first, 0),
        dg.address(first, 0),
        di.rowStride());
  }

  /**
   * All of it for gates that are sigmoids and a state that is tanh, see {@link
   * LstmKernels#gradient}.
   *
   * @param through may be one row that is repeated, and {@code upstream} and {@code previous}
   * @param values i, f, o, g, c and tanh c
   * @param d by the sums of i, f, o and g
   */
  public void gradient(
      int first,
      int count,
      Matrix through,
      Matrix upstream,
      Matrix values,
      Matrix previous,
      Matrix later,
      Matrix d) {
    int columns = later.columns();
    Fit.repeatable("LSTM gradient", first, count, columns, through);
    Fit.repeatable("LSTM gradient", first, count, columns, upstream);
    Fit.rows("LSTM gradient", first, count, width(VALUES, columns), values);
    Fit.repeatable("LSTM gradient", first, count, columns, previous);
    Fit.rows("LSTM gradient", first, count, columns, later);
    Fit.rows("LSTM gradient", first, count, width(GATES, columns), d);
    kernels.gradient(
        count,
        columns,
        Fit.address(first, through),
        Fit.stride(through),
        Fit.address(first, upstream),
        Fit.stride(upstream),
        values.address(first, 0),
        values.rowStride(),
        Fit.address(first, previous),
        Fit.stride(previous),
        later.address(first, 0),
        later.rowStride(),
        d.address(first, 0),
        d.rowStride());
  }

  /** Returns the columns from the first of a block to the last of another. */
  private static int width(int blocks, int columns) {
    return (blocks - 1) * Kernels.padded(columns) + columns;
  }
}
