package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One of Keras's arrays within a {@link CpuParameter}: some of its rows, without what is between
 * and behind the columns that are Keras's.
 *
 * @param parameter the weights that hold it
 * @param columns its columns, as Keras has it
 * @param pieces where they are, in whole rows
 */
public record ParameterView(CpuParameter parameter, int columns, List<Piece> pieces) {
  /**
   * A rectangle of the array.
   *
   * @param firstRow its first row in the parameter
   * @param rows its rows
   * @param firstColumn its first column in the parameter
   * @param width its columns
   * @param atRow its first row in Keras's array
   * @param atColumn its first column in Keras's array
   */
  public record Piece(
      int firstRow, int rows, int firstColumn, int width, int atRow, int atColumn) {}

  /** Makes the list unmodifiable. */
  public ParameterView {
    pieces = List.copyOf(pieces);
  }

  /** Returns all of a parameter. */
  public static ParameterView of(CpuParameter parameter) {
    int columns = parameter.columns();
    return new ParameterView(
        parameter, columns, List.of(new Piece(0, parameter.rows(), 0, columns, 0, 0)));
  }

  /** Returns the array of this one's rows and another's below them. */
  public ParameterView above(ParameterView other) {
    int rows = rows();
    List<Piece> all = new ArrayList<>(pieces);
    for (Piece p : other.pieces) {
      all.add(new Piece(p.firstRow, p.rows, p.firstColumn, p.width, p.atRow + rows, p.atColumn));
    }
    return new ParameterView(parameter, columns, all);
  }

  /** Returns whether updates change it. */
  boolean isTrained() {
    return parameter.isTrained();
  }

  /** Returns its first row in the parameter; the others follow. */
  int firstRow() {
    return pieces.getFirst().firstRow;
  }

  /** Returns its rows, in which there is nothing of any other array. */
  int rows() {
    return pieces.stream().mapToInt(p -> p.atRow + p.rows).max().orElseThrow();
  }

  /** Returns a copy out of {@code tensor}, which is shaped like the parameter. */
  float[] read(Tensor tensor) {
    float[] values = new float[Math.multiplyExact(rows(), columns)];
    for (Piece p : pieces) {
      for (int r = 0; r < p.rows; r++) {
        for (int c = 0; c < p.width; c++) {
          values[(p.atRow + r) * columns + p.atColumn + c] =
              tensor.get(p.firstRow + r, p.firstColumn + c);
        }
      }
    }
    return values;
  }

  /** Sets its part of {@code tensor}, which is shaped like the parameter. */
  void write(Tensor tensor, float[] values) {
    for (Piece p : pieces) {
      for (int r = 0; r < p.rows; r++) {
        for (int c = 0; c < p.width; c++) {
          tensor.set(
              p.firstRow + r, p.firstColumn + c, values[(p.atRow + r) * columns + p.atColumn + c]);
        }
      }
    }
  }

  /** Sets all elements of its part of {@code tensor}. */
  void fill(Tensor tensor, float value) {
    float[] values = new float[Math.multiplyExact(rows(), columns)];
    Arrays.fill(values, value);
    write(tensor, values);
  }
}
