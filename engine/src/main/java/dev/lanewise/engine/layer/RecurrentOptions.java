package dev.lanewise.engine.layer;

import java.util.Objects;

/**
 * What all {@link Recurrent} layers may do differently.
 *
 * @param useBias whether a bias is added
 * @param returnSequences whether the output is every state, [steps, units], in place of the last
 * @param goBackwards whether the input is walked from its end; outputs stay in the order walked
 * @param initializers the rules for start values
 */
public record RecurrentOptions(
    boolean useBias, boolean returnSequences, boolean goBackwards, Initializers initializers) {
  /** Keras's defaults: a bias, the last state alone, forwards. */
  public static final RecurrentOptions DEFAULTS =
      new RecurrentOptions(true, false, false, Initializers.DEFAULT);

  /** Refuses nulls. */
  public RecurrentOptions {
    Objects.requireNonNull(initializers, "initializers");
  }

  /** Returns these options without a bias. */
  public RecurrentOptions withoutBias() {
    return new RecurrentOptions(false, returnSequences, goBackwards, initializers);
  }

  /** Returns these options with every state as output. */
  public RecurrentOptions returningSequences() {
    return new RecurrentOptions(useBias, true, goBackwards, initializers);
  }

  /** Returns these options walking the input from its end. */
  public RecurrentOptions goingBackwards() {
    return new RecurrentOptions(useBias, returnSequences, true, initializers);
  }

  /** Returns these options walking the input from the other end. */
  public RecurrentOptions turned() {
    return new RecurrentOptions(useBias, returnSequences, !goBackwards, initializers);
  }

  /** Returns these options with other start values. */
  public RecurrentOptions withInitializers(Initializers others) {
    return new RecurrentOptions(useBias, returnSequences, goBackwards, others);
  }
}
