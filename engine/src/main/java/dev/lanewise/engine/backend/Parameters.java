package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.ParameterSpec;
import java.util.List;

/**
 * A copy of what a plan learns: every parameter in Keras's order, row-major without padding, and
 * the optimizer's state.
 *
 * @param values one array a parameter
 * @param slots the optimizer's arrays, one list a slot in the optimizer's order (Adam: m, v), each
 *     with one array a parameter; empty lists mean zeros
 * @param iterations the updates done so far
 */
public record Parameters(List<float[]> values, List<List<float[]>> slots, long iterations) {
  /** Makes the lists unmodifiable; the arrays are shared. */
  public Parameters {
    values = List.copyOf(values);
    slots = slots.stream().map(List::copyOf).toList();
  }

  /**
   * Holds these values against the model that they are for.
   *
   * @throws IllegalArgumentException naming what differs: the number of arrays or slots, or the
   *     length of an array
   */
  public void requireFit(ModelSpec spec) {
    requireArrays("parameters", values, spec.parameters());
    int kept = spec.optimizer().slotCount();
    if (!slots.isEmpty() && slots.size() != kept) {
      throw new IllegalArgumentException(
          "optimizer state: " + kept + " slots are kept, found " + slots.size());
    }
    for (List<float[]> slot : slots) {
      requireArrays("optimizer state", slot, spec.parameters());
    }
  }

  private static void requireArrays(
      String what, List<float[]> arrays, List<ParameterSpec> expected) {
    if (arrays.size() != expected.size()) {
      throw new IllegalArgumentException(
          what + ": the model has " + expected.size() + " arrays, found " + arrays.size());
    }
    for (int i = 0; i < arrays.size(); i++) {
      ParameterSpec parameter = expected.get(i);
      if (arrays.get(i).length != parameter.shape().elementCount()) {
        throw new IllegalArgumentException(
            what
                + ": "
                + parameter.name()
                + " is "
                + parameter.shape()
                + ", found "
                + arrays.get(i).length
                + " values");
      }
    }
  }

  /** Returns the first array with a value that is NaN or infinite, or -1 if all are finite. */
  public int firstNotFinite() {
    for (int i = 0; i < values.size(); i++) {
      for (float value : values.get(i)) {
        if (!Float.isFinite(value)) {
          return i;
        }
      }
    }
    return -1;
  }

  /** Returns start values: no optimizer state, no updates. */
  public static Parameters initial(List<float[]> values) {
    return new Parameters(values, List.of(), 0);
  }
}
