package dev.lanewise.engine.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The sizes of an array's dimensions, outermost first. Immutable; every size is at least 1 and the
 * element count fits a {@code long}.
 */
public final class Shape {
  private final int[] sizes;
  private final long elementCount;

  private Shape(int[] sizes) {
    this.sizes = sizes;
    long count = 1;
    for (int size : sizes) {
      if (size < 1) {
        throw new IllegalArgumentException(
            "shape: every size must be at least 1, found " + Arrays.toString(sizes));
      }
      try {
        count = Math.multiplyExact(count, size);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "shape: " + Arrays.toString(sizes) + " has more than 2^63 elements", e);
      }
    }
    elementCount = count;
  }

  /**
   * Returns the shape with these sizes; no sizes make a scalar.
   *
   * @throws IllegalArgumentException if a size is below 1 or the element count overflows
   */
  public static Shape of(int... sizes) {
    return new Shape(sizes.clone());
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** Returns the size of dimension {@code index}; negative indices count from the end. */
  public int size(int index) {
    return sizes[index < 0 ? sizes.length + index : index];
  }

  /** Returns the product of all sizes. */
  public long elementCount() {
    return elementCount;
  }

  /** Returns a copy of the sizes. */
  public int[] toArray() {
    return sizes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(sizes, that.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** Returns, for example, {@code [150, 28, 28]}. */
  @Override
  public String toString() {
    return Arrays.stream(sizes)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
