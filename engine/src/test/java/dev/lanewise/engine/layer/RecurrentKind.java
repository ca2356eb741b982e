package dev.lanewise.engine.layer;

/** The kinds of recurrent layers, for tests of what holds for each of them. */
public enum RecurrentKind {
  SIMPLE_RNN,
  LSTM,
  GRU,
  GRU_RESET_BEFORE;

  /** Returns the last state alone, of a layer with Keras's defaults. */
  public Recurrent last(int units) {
    return of(units, Activation.TANH, RecurrentOptions.DEFAULTS);
  }

  /** Returns every state, of a layer with Keras's defaults. */
  public Recurrent sequences(int units) {
    return of(units, Activation.TANH, RecurrentOptions.DEFAULTS.returningSequences());
  }

  /** Returns a layer of this kind. */
  public Recurrent of(int units, Activation activation, RecurrentOptions options) {
    return switch (this) {
      case SIMPLE_RNN -> SimpleRnn.of(units).withActivation(activation).with(options);
      case LSTM -> Lstm.of(units).withActivation(activation).with(options);
      case GRU -> Gru.of(units).withActivation(activation).with(options);
      case GRU_RESET_BEFORE ->
          Gru.of(units).withActivation(activation).with(options).resettingBefore();
    };
  }
}
