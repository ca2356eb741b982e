package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;

/**
 * A matrix as the right operand of products may lie: in panels of {@value Kernels#LANES} columns,
 * the rows of each panel one behind the other. A register tile that is as wide as a panel then
 * reads memory from one end to the other, however wide the matrix is, where in a matrix of whole
 * rows each of its rows is in another page.
 */
public final class Panels {
  private static final int WIDTH = Kernels.LANES;

  private final Tensor values;
  private final int tall;
  private final int firstRow;
  private final int rows;
  private final int column;
  private final int columns;

  private Panels(Tensor values, int tall, int firstRow, int rows, int column, int columns) {
    this.values = values;
    this.tall = tall;
    this.firstRow = firstRow;
    this.rows = rows;
    this.column = column;
    this.columns = columns;
  }

  /** Takes the memory of [rows, columns]. */
  public static Panels of(TensorArena arena, String label, int rows, int columns) {
    Shape shape = Shape.of(Math.ceilDiv(columns, WIDTH), rows, WIDTH);
    return new Panels(arena.tensor(label, shape, WIDTH), rows, 0, rows, 0, columns);
  }

  /**
   * Returns a view of some rows and columns.
   *
   * @param first counted from 0
   * @param count how many
   * @param from the first column, where a panel begins
   * @param width how many
   * @throws IndexOutOfBoundsException if they are not inside, or do not begin with a panel
   */
  public Panels part(int first, int count, int from, int width) {
    boolean inside =
        first >= 0
            && count >= 1
            && first + count <= rows
            && from >= 0
            && width >= 1
            && from + width <= columns
            && from % WIDTH == 0;
    if (!inside) {
      throw new IndexOutOfBoundsException(
          "panels of "
              + count
              + " rows from "
              + first
              + " and "
              + width
              + " columns from "
              + from
              + " are not in "
              + this
              + ", or begin inside a panel");
    }
    return new Panels(values, tall, firstRow + first, count, column + from, width);
  }

  /**
   * Returns all rows of some columns as a matrix of whole rows.
   *
   * @param from the first column, counted from 0
   * @param width how many, all in one panel
   * @throws IndexOutOfBoundsException if they are not inside, or not in one panel
   */
  public Matrix inOne(int from, int width) {
    int place = from % WIDTH;
    if (from < 0 || from + width > columns || place + width > WIDTH) {
      throw new IndexOutOfBoundsException(
          width + " columns from " + from + " are not in one panel of " + this);
    }
    int panel = (column + from) / WIDTH;
    return values.matrix((long) panel * tall + firstRow, rows, place, width);
  }

  /** {@return the number of rows} */
  public int rows() {
    return rows;
  }

  /** {@return the number of columns} */
  public int columns() {
    return columns;
  }

  /** Returns the address of a row's first element. */
  long address(int row) {
    long before = (long) (column / WIDTH) * tall + firstRow + row;
    return values.address() + before * WIDTH * Float.BYTES;
  }

  /** Returns the elements from panel to panel. */
  long stride() {
    return (long) tall * WIDTH;
  }

  /** Returns, for example, {@code kernel in panels [178, 600]}. */
  @Override
  public String toString() {
    return values.label() + " [" + rows + ", " + columns + "]";
  }
}
