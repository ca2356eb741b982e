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
    if (sizes.rank() > MOST) {
      throw new IllegalStateException("samples of " + sizes + " were not refused");
    }
    Struct struct = new Struct();
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
}
