package dev.lanewise.engine.layer;

/**
 * How a {@link Recurrent} layer walks over a sequence, and what it gives of what comes of it.
 *
 * @param returnSequences whether the output is every state, [steps, units], in place of the last
 * @param returnState whether its last states are outputs too, behind the first
 * @param goBackwards whether the input is walked from its end; outputs stay in the order walked
 * @param stateful whether a batch begins with the states that the one before has left, row by row
 * @param zeroOutputForMask whether the output at a masked step is zero, in place of the output
 *     before it
 */
public record Walk(
    boolean returnSequences,
    boolean returnState,
    boolean goBackwards,
    boolean stateful,
    boolean zeroOutputForMask) {
  /** Keras's defaults: the last state alone, forwards. */
  public static final Walk DEFAULT = new Walk(false, false, false, false, false);

  Walk returningSequences() {
    return new Walk(true, returnState, goBackwards, stateful, zeroOutputForMask);
  }

  Walk returningState() {
    return new Walk(returnSequences, true, goBackwards, stateful, zeroOutputForMask);
  }

  Walk turned() {
    return new Walk(returnSequences, returnState, !goBackwards, stateful, zeroOutputForMask);
  }

  Walk keepingState() {
    return new Walk(returnSequences, returnState, goBackwards, true, zeroOutputForMask);
  }

  Walk withZeroOutputForMask(boolean zero) {
    return new Walk(returnSequences, returnState, goBackwards, stateful, zero);
  }
}
