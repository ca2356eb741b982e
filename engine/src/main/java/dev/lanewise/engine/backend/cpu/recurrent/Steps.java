package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;

/**
 * A run's inputs and states at all steps of a recurrent layer.
 *
 * <p>A row of step t is a {@link JoinedRow} of x_t and h_t, the state before the step. Steps lie in
 * memory from the last to the first, the order in which the backward pass walks them, so that the
 * rows of several steps are one tall operand of A^T B.
 */
final class Steps {
  private final int steps;
  private final JoinedRow row;
  private final Tensor values;
  private final Matrix[] x;
  private final Matrix[] h;
  private final Matrix[] joined;
  private final Matrix[] whole;
  private final Matrix zeroRow;
  private final CheckedKernels kernels;
  private final boolean begun;
  private int rows;

  /**
   * Takes the memory.
   *
   * @param mostRows the most rows of a step
   * @param begun whether the state before the first step is one that others give, or else zero
   */
  Steps(RunContext context, String label, int steps, int mostRows, JoinedRow row, boolean begun) {
    this.steps = steps;
    this.begun = begun;
    this.row = row;
    values = row.tensor(context, label, steps + 1, mostRows);
    x = new Matrix[steps];
    joined = new Matrix[steps];
    whole = new Matrix[steps];
    kernels = context.kernels();
    zeroRow = row.whole(row.tensor(context, "zero step", 1, 1), 0, 1);
    h = new Matrix[steps + 1];
    look(mostRows);
  }

  /** Lets steps of so many rows, at most the context's, follow one another without a gap. */
  void layOut(int newRows) {
    look(newRows);
    zeroRows(h[0]); // another layout has had other steps there
  }

  private void look(int newRows) {
    rows = newRows;
    for (int t = 0; t <= steps; t++) {
      h[t] = row.state(values, firstRow(t), rows);
      if (t < steps) {
        x[t] = row.inputs(values, firstRow(t), rows);
        joined[t] = joined(t, rows);
        whole[t] = row.whole(values, firstRow(t), rows);
      }
    }
  }

  private static void zeroRows(Matrix matrix) {
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        matrix.set(row, column, 0);
      }
    }
  }

  private long firstRow(int t) {
    return (long) (steps - t) * rows;
  }

  /** Returns [x | h] of {@code count} rows that begin with step {@code t}'s and go on before it. */
  Matrix joined(int t, int count) {
    return row.joined(values, firstRow(t), count);
  }

  /** Returns step {@code t}'s rows from their padding on. */
  Matrix whole(int t) {
    return whole[t];
  }

  /** Returns whether there is a state, other than zero, before step {@code t}. */
  boolean hasState(int t) {
    return t > 0 || begun;
  }

  /** Makes zeros of [x | h] in some rows of step {@code t}. */
  void clear(int t, int first, int count) {
    kernels.start(first, count, zeroRow, whole[t]);
  }

  /** Returns x_t. */
  Matrix x(int t) {
    return x[t];
  }

  /** Returns the state before step {@code t}, from the first state 0 to the last state. */
  Matrix h(int t) {
    return h[t];
  }

  /** Returns [x_t | h_t]. */
  Matrix joined(int t) {
    return joined[t];
  }
}
