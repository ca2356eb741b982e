package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.engine.tensor.Shape;

/**
 * Where the matrix of a sample lies in its value [positions][columns], or the matrices of a sample
 * that has one a head.
 *
 * @param rows of each matrix
 * @param columns of each matrix
 * @param row from one row to the next
 * @param column from one column to the next
 * @param head from one head's to the next one's
 */
public record SampleMatrix(int rows, int columns, Distance row, Distance column, Distance head) {
  private static final Distance NONE = new Distance(0, 0);
  private static final Distance NEXT_POSITION = new Distance(1, 0);
  private static final Distance NEXT_COLUMN = new Distance(0, 1);

  /** How far apart elements of a value are. */
  public record Distance(int positions, int columns) {
    /** Returns it in floats, of so many samples, in a value whose rows are so far apart. */
    int floats(int samples, int stride) {
      int rows = Math.multiplyExact(positions, samples);
      return Math.addExact(Math.multiplyExact(rows, stride), columns);
    }
  }

  /** Returns a value's steps as rows, its features as columns; a vector is one row. */
  public static SampleMatrix of(Shape value) {
    return ofHeads(value.positions(), value.size(-1));
  }

  /** Returns steps as rows, and so many features as columns for each head, side by side. */
  public static SampleMatrix ofHeads(int steps, int features) {
    return new SampleMatrix(steps, features, NEXT_POSITION, NEXT_COLUMN, new Distance(0, features));
  }

  /** Returns each head's matrix under that of the head before. */
  public static SampleMatrix underOneAnother(int rows, int columns) {
    return new SampleMatrix(rows, columns, NEXT_POSITION, NEXT_COLUMN, new Distance(rows, 0));
  }

  /** Returns a matrix whose rows are one after another in a vector. */
  public static SampleMatrix inOneRow(int rows, int columns) {
    return new SampleMatrix(rows, columns, new Distance(0, columns), NEXT_COLUMN, NONE);
  }

  /** Returns the same elements with rows as columns. */
  public SampleMatrix transposed() {
    return new SampleMatrix(columns, rows, column, row, head);
  }

  /**
   * Adds {@code struct Strides} of products.cu to a structure.
   *
   * @param samples those of the batch
   * @param stride floats from one row of the value to the next
   */
  void addTo(Struct struct, int samples, int stride) {
    struct
        .integer(stride)
        .integer(head.floats(samples, stride))
        .integer(row.floats(samples, stride))
        .integer(column.floats(samples, stride));
  }
}
