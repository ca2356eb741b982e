package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;

/** An array of numbers that are the same for all samples, a table of positions say. */
public final class Constant {
  private final Shape shape;
  private final float[] values;

  private Constant(Shape shape, float[] values) {
    this.shape = shape;
    this.values = values;
  }

  /**
   * {@return the array of these numbers}
   *
   * @param shape its sizes, without the batch's
   * @param values row-major; copied
   * @throws IllegalArgumentException if they are not as many as the shape has, or one is not finite
   */
  public static Constant of(Shape shape, float... values) {
    if (values.length != shape.elementCount()) {
      throw new IllegalArgumentException(
          "Constant: " + values.length + " numbers are no array of " + shape);
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("Constant: a number must be finite, found " + value);
      }
    }
    return new Constant(shape, values.clone());
  }

  /** {@return its sizes} */
  public Shape shape() {
    return shape;
  }

  /** {@return a copy of the numbers, row-major} */
  public float[] values() {
    return values.clone();
  }

  /**
   * {@return the same numbers with sizes of 1 before its own}
   *
   * @param rank how many sizes there are to be, at least as many as it has
   */
  Constant withRank(int rank) {
    int[] own = shape.toArray();
    int[] sizes = new int[rank];
    Arrays.fill(sizes, 1);
    System.arraycopy(own, 0, sizes, rank - own.length, own.length);
    return new Constant(Shape.of(sizes), values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Constant that
        && shape.equals(that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "an array of " + shape;
  }
}
