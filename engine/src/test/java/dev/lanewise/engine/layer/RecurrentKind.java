package dev.lanewise.engine.layer;

import java.util.EnumSet;
import java.util.Set;

/** The kinds of recurrent layers, for tests of what holds for each of them. */
public enum RecurrentKind {
  SIMPLE_RNN,
  LSTM,
  GRU,
  GRU_RESET_BEFORE,
  SIMPLE_RNN_DROPPING,
  LSTM_DROPPING,
  GRU_DROPPING,
  GRU_RESET_BEFORE_DROPPING;

  /** Returns those that drop nothing. */
  public static Set<RecurrentKind> plain() {
    return EnumSet.range(SIMPLE_RNN, GRU_RESET_BEFORE);
  }

  /** Returns the last state alone, of a layer with Keras's defaults. */
  public CellLayer last(int units) {
    return of(units, Activation.TANH, RecurrentOptions.DEFAULTS);
  }

  /** Returns every state, of a layer with Keras's defaults. */
  public CellLayer sequences(int units) {
    return of(units, Activation.TANH, RecurrentOptions.DEFAULTS.returningSequences());
  }

  /** Returns a layer of this kind. */
  public CellLayer of(int units, Activation activation, RecurrentOptions options) {
    return switch (this) {
      case SIMPLE_RNN -> SimpleRnn.of(units).withActivation(activation).with(options);
      case LSTM -> Lstm.of(units).withActivation(activation).with(options);
      case GRU -> Gru.of(units).withActivation(activation).with(options);
      case GRU_RESET_BEFORE ->
          Gru.of(units).withActivation(activation).with(options).resettingBefore();
      case SIMPLE_RNN_DROPPING -> SIMPLE_RNN.of(units, activation, dropping(options));
      case LSTM_DROPPING -> LSTM.of(units, activation, dropping(options));
      case GRU_DROPPING -> GRU.of(units, activation, dropping(options));
      case GRU_RESET_BEFORE_DROPPING -> GRU_RESET_BEFORE.of(units, activation, dropping(options));
    };
  }

  /** Inputs and states where every state is given, inputs alone where it is the last. */
  private static RecurrentOptions dropping(RecurrentOptions options) {
    return options.withDropout(0.25, options.walk().returnSequences() ? 0.25 : 0);
  }
}
