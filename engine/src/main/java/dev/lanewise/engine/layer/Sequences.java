package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/** The check of layers that take sequences alone. */
final class Sequences {
  private Sequences() {}

  /**
   * Returns the steps of a sequence.
   *
   * @throws IllegalArgumentException if the input is none
   */
  static int steps(String layer, Shape input) {
    if (input.rank() != 2) {
      throw new IllegalArgumentException(
          layer + ": input must be [steps, features], found " + input);
    }
    return input.size(0);
  }
}
