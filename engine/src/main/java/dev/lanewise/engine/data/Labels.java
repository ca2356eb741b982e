package dev.lanewise.engine.data;

import java.util.Arrays;

/**
 * The class labels of a file.
 *
 * @param name names the file in messages
 * @param values one a sample, or one a step
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within this package, never compared
record Labels(String name, int[] values) implements FileTargets {
  /** No model has that many outputs: what is above is an identifier, a price, a mistake. */
  static final int MOST = 1 << 20;

  private int largest() {
    return Arrays.stream(values).max().orElse(0);
  }

  /**
   * Returns how many classes these training labels are of.
   *
   * @param least how many there are at least
   * @throws FormatException if a label is no class
   */
  int classes(int least) {
    require(MOST);
    return Math.max(Math.max(2, least), largest() + 1);
  }

  /** Refuses a label that is none of so many classes. */
  void require(int classes) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= classes) {
        throw new FormatException(
            name + ": label " + i + " is " + values[i] + ", expected 0 to " + (classes - 1));
      }
    }
  }

  @Override
  public Targets of(int samples, int classes) {
    try {
      return Targets.ofLabels(values, samples, classes);
    } catch (IllegalArgumentException e) {
      throw new FormatException(name + ": " + e.getMessage());
    }
  }

  @Override
  public String told() {
    return "labels " + Arrays.stream(values).min().orElse(0) + " to " + largest();
  }
}
