package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Which of a layer's numbers each element of a sample takes, where there is one for each place
 * along some axes: in rows as wide as a vector where the last axis is among them, else in rows of
 * one.
 */
final class AxisPlaces {
  /** The row of each position. */
  private final int[] rowOf;

  private final int rows;
  private final int columns;

  private AxisPlaces(int[] rowOf, int rows, int columns) {
    this.rowOf = rowOf;
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * Returns the places along some axes.
   *
   * @param axes counted from the batch's, which is 0
   */
  static AxisPlaces along(List<Integer> axes, Shape input) {
    int[] sizes = new int[input.rank()];
    Arrays.setAll(sizes, i -> axes.contains(i + 1) ? input.size(i) : 1);
    Shape kept = Shape.of(sizes);
    return new AxisPlaces(ArithmeticRun.places(kept, input), kept.positions(), kept.size(-1));
  }

  int rows() {
    return rows;
  }

  /** Returns how many numbers a row has. */
  int columns() {
    return columns;
  }

  /** Returns the row of a position. */
  int row(int position) {
    return rowOf[position];
  }

  /** Returns how many numbers there are. */
  int count() {
    return Math.multiplyExact(rows, columns);
  }

  /** Returns the number that the first element of a position takes. */
  int first(int position) {
    return rowOf[position] * columns;
  }

  /** Returns how far apart those of neighbours are: 0 where a position's take the same. */
  int apart() {
    return columns == 1 ? 0 : 1;
  }
}
