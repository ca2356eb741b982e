package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.AddressSpace;
import dev.lanewise.engine.tensor.Matrix;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** What there is to know of a row's values, which mostly the first tells. */
public final class RowValues {
  private RowValues() {}

  /**
   * Returns whether a row is all zeros, none of them -0.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public static boolean isBlank(Matrix x, int row) {
    Objects.checkIndex(row, x.rows());
    long end = x.address(row, x.columns());
    for (long at = x.address(row, 0); at < end; at += Integer.BYTES) {
      if (AddressSpace.SPACE.get(ValueLayout.JAVA_INT, at) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether all of a row equal a value, as -0 equals 0.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public static boolean areAll(Matrix x, int row, float value) {
    Objects.checkIndex(row, x.rows());
    long end = x.address(row, x.columns());
    for (long at = x.address(row, 0); at < end; at += Float.BYTES) {
      if (AddressSpace.SPACE.get(ValueLayout.JAVA_FLOAT, at) != value) {
        return false;
      }
    }
    return true;
  }
}
