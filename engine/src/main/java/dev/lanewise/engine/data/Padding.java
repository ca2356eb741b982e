package dev.lanewise.engine.data;

/**
 * How sequences of different lengths are made alike, with the names and defaults of Keras's {@code
 * pad_sequences}.
 *
 * @param maxlen the steps of all, 0 for those of the longest
 * @param padding where steps are put in that a sequence lacks
 * @param truncating where steps are left out of one that has more
 * @param value what the steps that are put in are full of: what {@code Masking} masks, or for
 *     tokens the 0 that {@code Embedding} masks
 */
public record Padding(int maxlen, Side padding, Side truncating, float value) {
  /** Keras's own: of the longest, zeros in front. */
  public static final Padding DEFAULT = new Padding(0, Side.PRE, Side.PRE, 0);

  /** An end of a sequence. */
  public enum Side {
    /** In front of the first step. */
    PRE,
    /** Behind the last. */
    POST
  }

  /**
   * Validates the settings.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public Padding {
    if (maxlen < 0) {
      throw new IllegalArgumentException("Padding: maxlen must be at least 0, found " + maxlen);
    }
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException("Padding: value must be finite, found " + value);
    }
  }

  /**
   * {@return the same to so many steps}
   *
   * @param steps the length of every sequence, 0 for that of the longest
   */
  public Padding to(int steps) {
    return new Padding(steps, padding, truncating, value);
  }

  /**
   * {@return the same with steps put in there}
   *
   * @param side before or behind what is there
   */
  public Padding at(Side side) {
    return new Padding(maxlen, side, truncating, value);
  }

  /**
   * {@return the same with steps left out there}
   *
   * @param side of what is there
   */
  public Padding truncatedAt(Side side) {
    return new Padding(maxlen, padding, side, value);
  }

  /**
   * {@return the same with steps full of another value}
   *
   * @param other what they are full of
   */
  public Padding with(float other) {
    return new Padding(maxlen, padding, truncating, other);
  }
}
