package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;

/** The states that layers keep from batch to batch, in and out of a plan. */
final class StateCopies {
  private final List<Matrix> states;

  StateCopies(List<Tensor> kept) {
    states = kept.stream().map(Tensor::matrix).toList();
  }

  List<float[]> values() {
    return states.stream().map(StateCopies::copied).toList();
  }

  private static float[] copied(Matrix state) {
    float[] values = new float[Math.multiplyExact(state.rows(), state.columns())];
    for (int i = 0; i < values.length; i++) {
      values[i] = state.get(i / state.columns(), i % state.columns());
    }
    return values;
  }

  /**
   * Sets them.
   *
   * @throws IllegalArgumentException if there are others
   */
  void set(List<float[]> values) {
    if (values.size() != states.size()) {
      throw new IllegalArgumentException(
          "states: the model keeps " + states.size() + ", found " + values.size());
    }
    for (int s = 0; s < states.size(); s++) {
      long expected = (long) states.get(s).rows() * states.get(s).columns();
      if (values.get(s).length != expected) {
        throw new IllegalArgumentException(
            "states: number "
                + s
                + " has "
                + expected
                + " values in this plan, found "
                + values.get(s).length);
      }
    }
    for (int s = 0; s < states.size(); s++) {
      Matrix state = states.get(s);
      float[] from = values.get(s);
      for (int i = 0; i < from.length; i++) {
        state.set(i / state.columns(), i % state.columns(), from[i]);
      }
    }
  }

  /** Sets all to zero. */
  void reset() {
    for (int s = 0; s < states.size(); s++) {
      Matrix state = states.get(s);
      for (int row = 0; row < state.rows(); row++) {
        for (int column = 0; column < state.columns(); column++) {
          state.set(row, column, 0);
        }
      }
    }
  }
}
