package dev.lanewise.engine.backend;

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

  /** Returns start values: no optimizer state, no updates. */
  public static Parameters initial(List<float[]> values) {
    return new Parameters(values, List.of(), 0);
  }
}
