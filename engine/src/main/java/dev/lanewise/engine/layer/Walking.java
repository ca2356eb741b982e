package dev.lanewise.engine.layer;

/**
 * A {@link Recurrent} layer whose walk over a sequence can be another.
 *
 * @param <L> what it is itself
 */
public interface Walking<L extends Recurrent> {
  /** {@return how it walks} */
  RecurrentOptions options();

  /**
   * {@return this layer with other options}
   *
   * @param other those that take their place
   */
  L with(RecurrentOptions other);

  /** {@return this layer with every state of its last cell as its output} */
  default L returningSequences() {
    return with(options().returningSequences());
  }

  /** {@return this layer with its last states, h and an LSTM's c, as outputs too} */
  default L returningState() {
    return with(options().returningState());
  }

  /**
   * {@return this layer beginning each batch with the states that the one before has left; the
   * model's input then needs a batch size}
   */
  default L keepingState() {
    return with(options().keepingState());
  }

  /** {@return this layer walking its input from the end} */
  default L goingBackwards() {
    return with(options().goingBackwards());
  }
}
