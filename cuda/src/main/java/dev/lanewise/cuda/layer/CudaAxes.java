package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.engine.tensor.Shape;

/** {@code struct Axes} of axes.cuh: where elements of a sample are in another order or array. */
final class CudaAxes {
  private static final int MOST = 6;

  private CudaAxes() {}

  /**
   * Returns the structure.
   *
   * @param sizes those of a sample
   * @param apart how far apart neighbours along each lie where an element is looked for
   */
  static Struct of(Shape sizes, int[] apart) {
    return add(new Struct(), sizes, apart);
  }

  /** Adds the structure to another as a field, and returns that. */
  static Struct add(Struct struct, Shape sizes, int[] apart) {
    if (sizes.rank() > MOST) {
      throw new IllegalStateException("samples of " + sizes + " were not refused");
    }
    for (int i = 0; i < MOST; i++) {
      int axis = i - MOST + sizes.rank();
      struct.integer(axis < 0 ? 1 : sizes.size(axis));
    }
    for (int i = 0; i < MOST; i++) {
      int axis = i - MOST + sizes.rank();
      struct.integer(axis < 0 ? 0 : apart[axis]);
    }
    return struct;
  }

  /** Returns how far apart neighbours along each axis of an array lie. */
  static int[] apart(Shape array) {
    int[] apart = new int[array.rank()];
    int each = 1;
    for (int axis = apart.length - 1; axis >= 0; axis--) {
      apart[axis] = each;
      each *= array.size(axis);
    }
    return apart;
  }

  /**
   * Returns how far apart they lie where sizes of 1 are repeated.
   *
   * @param sizes the array's, each the other's or 1
   */
  static int[] apartOrRepeated(Shape sizes, Shape other) {
    int[] apart = apart(sizes);
    for (int axis = 0; axis < apart.length; axis++) {
      apart[axis] = sizes.size(axis) == other.size(axis) ? apart[axis] : 0;
    }
    return apart;
  }
}
