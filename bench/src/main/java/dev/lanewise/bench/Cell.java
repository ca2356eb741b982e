package dev.lanewise.bench;

import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;

/** The recurrent layer of a benchmark's model; lower case, as a parameter's value is typed. */
public enum Cell {
  /** The founding model's. */
  simple_rnn,
  /** Four gates. */
  lstm,
  /** Three gates, the reset gate acting after the product with the state, as by default. */
  gru,
  /** Three gates, the reset gate acting on the state. */
  gru_reset_before,
  /** One walk from each end, each with half of the units: as wide as the others. */
  bidirectional_lstm;

  /**
   * Returns the layer.
   *
   * @param units the width of its output
   * @throws IllegalArgumentException if it would be two walks and that is odd
   */
  public Layer layer(int units) {
    return switch (this) {
      case simple_rnn -> SimpleRnn.of(units);
      case lstm -> Lstm.of(units);
      case gru -> Gru.of(units);
      case gru_reset_before -> Gru.of(units).resettingBefore();
      case bidirectional_lstm -> Bidirectional.of(Lstm.of(half(units)));
    };
  }

  /**
   * Returns the multiplications and additions, as pairs, of one time step of one sample forward.
   *
   * @param features values of the step
   * @param units the width of the layer's output
   */
  double forwardProducts(int features, int units) {
    int each = units / walks();
    return (double) walks() * gates() * (features + each) * each;
  }

  /** Returns those of the gradient by the state before. */
  double stateProducts(int units) {
    return forwardProducts(0, units);
  }

  private int walks() {
    return this == bidirectional_lstm ? 2 : 1;
  }

  private int gates() {
    return switch (this) {
      case simple_rnn -> 1;
      case gru, gru_reset_before -> 3;
      case lstm, bidirectional_lstm -> 4;
    };
  }

  private static int half(int units) {
    if (units % 2 != 0) {
      throw new IllegalArgumentException(
          "bidirectional_lstm: units are both walks' together, an even number; found " + units);
    }
    return units / 2;
  }
}
