package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * Repeats each place of a picture: Keras's {@code UpSampling2D} with the nearest value.
 *
 * @param rows how often each row, 1 or more
 * @param columns how often each column, 1 or more
 */
public record UpSampling2D(int rows, int columns) implements Relocation {
  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public UpSampling2D {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "UpSampling2D: rows and columns must be 1 or more, found " + rows + " and " + columns);
    }
  }

  @Override
  public int row(int row) {
    return row / rows;
  }

  @Override
  public int column(int column) {
    return column / columns;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input.rank() != 3
        ? resized(input, 1, 1)
        : resized(input, (long) input.size(0) * rows, (long) input.size(1) * columns);
  }

  @Override
  public String className() {
    return "UpSampling2D";
  }

  @Override
  public String kerasName() {
    return "up_sampling2d";
  }
}
