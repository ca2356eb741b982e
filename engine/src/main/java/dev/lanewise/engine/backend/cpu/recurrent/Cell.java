package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * A recurrent cell at work: what makes a state of a step's sums, and the gradient by the sums of
 * the gradient by the state. The walks over time call it step by step, forward with ascending
 * {@code t}, then backward; it knows nothing of them but the places that {@link CellRoom} names.
 *
 * <p>One worker's, with room for its rows. Whatever it does, it does on strips of rows while they
 * are in the first cache ({@link dev.lanewise.engine.kernel.Strip}).
 */
interface Cell {
  /**
   * A vanishing gradient rarely falls from what counts as nothing to subnormal in so many steps.
   */
  int STEPS_TO_FLUSH = 8;

  /** Returns whether what has vanished on the way back to step {@code t} becomes zero there. */
  static boolean flushes(int t) {
    return t % STEPS_TO_FLUSH == 0;
  }

  /** Looks anew at the places of states, values and gradients, which have moved. */
  void look();

  /** Computes the state after step {@code t} of {@code count} rows from row {@code first} on. */
  void forward(int t, int first, int count, Operands operands);

  /**
   * Lets some rows have after step {@code t} what they had after step {@code from}, or before the
   * first where that is below 0, as far as more than the state is carried on.
   */
  default void carry(int t, int from, int first, int count) {}

  /**
   * Begins a walk back, as far as more than the gradient by the sums is carried.
   *
   * @param dCellState the gradient by the last cell state, of cells that have one, or a row of
   *     zeros
   */
  default void beginBack(int rows, Matrix dCellState) {}

  /**
   * Computes the gradient by the sums of the last step of some rows.
   *
   * @param dy the gradient by the state that it leaves
   */
  void backwardLast(int t, int first, int count, Matrix dy);

  /**
   * Computes the gradient by the sums of step {@code t} from that of step {@code t + 1}, of some
   * rows.
   *
   * @param dy the gradient by the state that the step leaves, as an output, or a row of zeros
   */
  void backward(int t, int first, int count, Matrix dy);

  /** Returns what step {@code t} leaves to the next beside the state. */
  default List<Matrix> carried(int t) {
    return List.of();
  }

  /** Computes the gradient by the state before step 0, which it has gone back through. */
  void leaveStateGradient(int rows, Matrix dState);

  /** Computes the gradient by the cell state before step 0, of cells that have one. */
  default void leaveCellStateGradient(int rows, Matrix dCellState) {
    throw new IllegalStateException("a cell without a cell state has no gradient by it");
  }

  /** Returns the cell state after step {@code t}, of cells that have one. */
  default Matrix cellState(int t) {
    throw new IllegalStateException("a cell without a cell state gives none");
  }

  /**
   * Lets step {@code t}, 1 or later, of some rows follow step {@code t - 1} of a cell of one row of
   * the same layer, as far as more than the state is carried on.
   */
  default void follow(int t, int first, int count, Cell one) {}

  /**
   * Lets the next {@link #backward} of this cell of one row follow the last of {@code many}, too,
   * some rows of which are added up, as far as more than the gradient by the sums is carried.
   */
  default void followBack(int first, int count, Cell many) {}
}
