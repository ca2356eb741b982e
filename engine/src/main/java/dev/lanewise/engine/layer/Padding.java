package dev.lanewise.engine.layer;

import java.util.Locale;

/** What is done where a window reaches beyond a sequence; names and rules are Keras's. */
public enum Padding {
  /** There are only windows that lie within the sequence. */
  VALID,
  /**
   * One window each {@code strides} steps; what they lack is shared out to both ends, the last end
   * getting the odd one.
   */
  SAME,
  /** One window each {@code strides} steps, none of which sees what comes after its step. */
  CAUSAL;

  /** {@return Keras's name, for example {@code causal}} */
  public String kerasName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
