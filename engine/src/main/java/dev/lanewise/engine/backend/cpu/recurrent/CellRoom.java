package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** Where a cell works: one walk's places. */
final class CellRoom {
  private final RunContext context;
  private final int rows;
  private final CellProducts products;
  private final Matrix[] states;
  private final @Nullable StepBlocks values;
  private final @Nullable StepBlocks gradients;
  private @Nullable Matrix stateBefore;
  private @Nullable Matrix cellStateBefore;

  /**
   * Names the places.
   *
   * @param context takes more memory, does the work
   * @param rows the most rows at a time
   * @param products the products with the weights
   * @param states the state that each step leaves, [rows, units]; the walk puts others there
   * @param values the gates of each step, absent where the state is all that is kept
   * @param gradients the gradient by the sums of each step; absent without a way back
   */
  CellRoom(
      RunContext context,
      int rows,
      CellProducts products,
      Matrix[] states,
      @Nullable StepBlocks values,
      @Nullable StepBlocks gradients) {
    this.context = context;
    this.rows = rows;
    this.products = products;
    this.states = states;
    this.values = values;
    this.gradients = gradients;
  }

  RunContext context() {
    return context;
  }

  /** Has the walk begin with states that others give, which lie here. */
  void beginWith(Matrix state, @Nullable Matrix cellState) {
    stateBefore = state;
    cellStateBefore = cellState;
  }

  /** Returns whether the walk begins with a state that others give. */
  boolean isBegun() {
    return stateBefore != null;
  }

  /** Returns the state before the first step, or a row of zeros. */
  Matrix stateBefore(Matrix zeros) {
    return stateBefore == null ? zeros : stateBefore;
  }

  /** Returns the cell state before the first step, or a row of zeros. */
  Matrix cellStateBefore(Matrix zeros) {
    return cellStateBefore == null ? zeros : cellStateBefore;
  }

  /** Returns the most rows at a time. */
  int rows() {
    return rows;
  }

  CellProducts products() {
    return products;
  }

  /** Returns the state that each step leaves. */
  Matrix[] states() {
    return states;
  }

  /** Returns the number of steps. */
  int steps() {
    return states.length;
  }

  /** Returns whether there is a way back. */
  boolean training() {
    return gradients != null;
  }

  /** Returns a matrix of its own, [rows, width]. */
  Matrix scratch(String label, int width) {
    return context.matrix(label, rows, width).matrix();
  }

  /** Returns some blocks of each step's gates. */
  Matrix[] values(int block, int count) {
    return all(values, block, count);
  }

  /** Returns some blocks of each step's gradient; none without a way back. */
  Matrix[] gradients(int block, int count) {
    return gradients == null ? new Matrix[0] : all(gradients, block, count);
  }

  private Matrix[] all(@Nullable StepBlocks places, int block, int count) {
    if (places == null) {
      throw new IllegalStateException("a cell that keeps nothing of its steps has no values");
    }
    Matrix[] each = new Matrix[steps()];
    for (int t = 0; t < each.length; t++) {
      each[t] = places.at(t, block, count);
    }
    return each;
  }
}
