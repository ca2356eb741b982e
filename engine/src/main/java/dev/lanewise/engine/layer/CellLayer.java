package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Collections;
import java.util.List;

/**
 * A recurrent layer of one cell, whose weights are its own: by itself Keras's layer of that name,
 * or one of the cells of an {@link Rnn}.
 */
public sealed interface CellLayer extends Recurrent permits SimpleRnn, Lstm, Gru {
  /** Returns this layer with other options. */
  @Override
  CellLayer with(RecurrentOptions other);

  /** {@return whether a bias is added} */
  default boolean useBias() {
    return options().useBias();
  }

  /** {@return the share of the inputs that sums do without in training} */
  default double dropout() {
    return options().dropout();
  }

  /** {@return the share of the state that sums do without in training} */
  default double recurrentDropout() {
    return options().recurrentDropout();
  }

  /** {@return how many states are carried from step to step: h, and the cell state of an LSTM} */
  default int states() {
    return 1;
  }

  @Override
  default List<Shape> stateShapes(Shape input) {
    return Collections.nCopies(states(), Shape.of(units()));
  }
}
