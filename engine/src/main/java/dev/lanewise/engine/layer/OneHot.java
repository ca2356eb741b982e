package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * A row of zeros for each token, with a 1 at the place of its id: [steps] becomes [steps, classes],
 * Keras's {@code ops.one_hot}. Ids are whole numbers from 0 to classes - 1.
 *
 * @param classes how many there are
 */
public record OneHot(int classes) implements Operation {
  /**
   * Validates the number.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public OneHot {
    if (classes < 1) {
      throw new IllegalArgumentException("OneHot: classes must be at least 1, found " + classes);
    }
  }

  @Override
  public String className() {
    return "OneHot";
  }

  @Override
  public String kerasName() {
    return "one_hot";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1) {
      throw new IllegalArgumentException(
          "OneHot: takes the ids of tokens, [steps], found " + input);
    }
    return Shape.of(input.size(0), classes);
  }
}
