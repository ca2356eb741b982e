package dev.lanewise.engine.keras;

import java.util.function.Function;

/**
 * The steps that inputs leave open while a model is read, {@code [null, null, 35]}: some number of
 * them that its layers can take. Data tell another later.
 */
final class OpenSteps {
  /** No more than half of them are too many where a layer needs some at once. */
  private static final int MOST = 1 << 12;

  private final int number;
  private boolean asked;

  OpenSteps(int number) {
    this.number = number;
  }

  /**
   * Reads a model with the fewest steps, of a power of two, that its layers can take.
   *
   * @throws ModelFormatException what is wrong with it, whatever the steps
   */
  static ModelConfig fewest(Function<OpenSteps, ModelConfig> reading) {
    for (int number = 1; ; number *= 2) {
      OpenSteps open = new OpenSteps(number);
      try {
        return reading.apply(open);
      } catch (ModelFormatException e) {
        if (!open.asked) {
          throw e;
        }
        if (number == MOST) {
          throw new ModelFormatException(
              e.getMessage()
                  + " (the number of steps that the file leaves open being "
                  + MOST
                  + ")",
              e);
        }
      }
    }
  }

  /** Returns whether an input leaves it open. */
  boolean isOpen() {
    return asked;
  }

  /** Returns the number that an input that leaves it open is given. */
  int number() {
    asked = true;
    return number;
  }
}
