package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * A layer each of whose places of a picture is one of its input's, or zeros; pictures are [rows,
 * columns, channels].
 */
public sealed interface Relocation extends Layer permits ZeroPadding2D, Cropping2D, UpSampling2D {
  /**
   * {@return the input's row that a row is; one that it has not for zeros}
   *
   * @param row of the output
   */
  int row(int row);

  /**
   * {@return the input's column that a column is; one that it has not for zeros}
   *
   * @param column the output's column
   */
  int column(int column);

  /**
   * {@return the input's place that a place is, rows one after another, -1 for zeros}
   *
   * @param input the shape of one sample, [rows, columns, channels] or [steps, features]
   * @param place the output's place, rows one after another
   */
  default int source(Shape input, int place) {
    int columns = outputShape(input).size(1);
    int row = row(place / columns);
    int column = column(place % columns);
    boolean inside = row >= 0 && row < input.size(0) && column >= 0 && column < input.size(1);
    return inside ? row * input.size(1) + column : -1;
  }

  /**
   * {@return the shape of a picture of other sizes, all of them at least 1}
   *
   * @param input the shape of one sample, [rows, columns, channels] or [steps, features]
   * @param rows the new rows
   * @param columns the new columns
   */
  default Shape resized(Shape input, long rows, long columns) {
    if (input.rank() != 3) {
      throw new IllegalArgumentException(
          className() + ": input must be [rows, columns, channels], found " + input);
    }
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(className() + ": nothing is left of " + input);
    }
    return Shape.of(Math.toIntExact(rows), Math.toIntExact(columns), input.size(2));
  }

  @Override
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
