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
   * {@return the shape with these sizes; no sizes make a scalar}
   *
   * @param sizes each at least 1
   * @throws IllegalArgumentException if a size is below 1 or the element count overflows
   */
  public static Shape of(int... sizes) {
    return new Shape(sizes.clone());
  }

  /** {@return the number of dimensions} */
  public int rank() {
    return sizes.length;
  }

  /**
   * {@return the size of dimension {@code index}; negative indices count from the end}
   *
   * @param index counted from 0, or from -1 at the end
   */
  public int size(int index) {
    return sizes[index < 0 ? sizes.length + index : index];
  }

  /** {@return how many vectors of the last size there are: the product of all other sizes} */
  public int positions() {
    return sizes.length == 0 ? 1 : Math.toIntExact(elementCount / size(-1));
  }

  /** {@return the shape of one of the parts that the first size counts: all sizes but the first} */
  public Shape part() {
    return of(Arrays.copyOfRange(sizes, 1, sizes.length));
  }

  /**
   * {@return the shape of so many parts of this shape}
   *
   * @param parts how many
   */
  public Shape times(int parts) {
    return withFirst(parts, sizes);
  }

  /**
   * {@return the shape with another first size}
   *
   * @param size the new size
   */
  public Shape withFirst(int size) {
    return withFirst(size, part().sizes);
  }

  private static Shape withFirst(int first, int[] others) {
    int[] all = new int[others.length + 1];
    all[0] = first;
    System.arraycopy(others, 0, all, 1, others.length);
    return new Shape(all);
  }

  /**
   * {@return the shape with another last size}
   *
   * @param size the new size
   */
  public Shape withLast(int size) {
    int[] all = sizes.clone();
    all[all.length - 1] = size;
    return new Shape(all);
  }

  /** {@return the product of all sizes} */
  public long elementCount() {
    return elementCount;
  }

  /** {@return a copy of the sizes} */
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
