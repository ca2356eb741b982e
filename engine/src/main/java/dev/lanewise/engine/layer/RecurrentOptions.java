package dev.lanewise.engine.layer;

/**
 * What all {@link Recurrent} layers may do differently.
 *
 * @param useBias whether a bias is added
 * @param returnSequences whether the output is every state, [steps, units], in place of the last
 * @param goBackwards whether the input is walked from its end; outputs stay in the order walked
 */
public record RecurrentOptions(boolean useBias, boolean returnSequences, boolean goBackwards) {
  /** Keras's defaults: a bias, the last state alone, forwards. */
  public static final RecurrentOptions DEFAULTS = new RecurrentOptions(true, false, false);

  /** Returns these options without a bias. */
  public RecurrentOptions withoutBias() {
    return new RecurrentOptions(false, returnSequences, goBackwards);
  }

  /** Returns these options with every state as output. */
  public RecurrentOptions returningSequences() {
    return new RecurrentOptions(useBias, true, goBackwards);
  }

  /** Returns these options walking the input from its end. */
  public RecurrentOptions goingBackwards() {
    return new RecurrentOptions(useBias, returnSequences, true);
  }
}
