package dev.lanewise.engine.layer;

/**
 * A layer that walks over the steps of a sequence with a state: [steps, features] becomes its last
 * state, [units], or all of them, [steps, units].
 */
public sealed interface Recurrent extends Layer permits SimpleRnn {
  /** Returns the width of the state. */
  int units();

  /** Returns whether a bias is added. */
  boolean useBias();

  /** Returns whether the output is every state in place of the last. */
  boolean returnSequences();

  /** Returns whether the input is walked from its end. */
  boolean goBackwards();
}
