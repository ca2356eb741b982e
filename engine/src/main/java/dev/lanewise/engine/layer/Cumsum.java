package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * What there has been so far along an axis: {@code keras.ops.cumsum}, in which each element is the
 * sum of those before it and itself.
 *
 * @param axis along which, the batch's being 0
 */
public record Cumsum(int axis) implements Operation {
  /**
   * Validates the axis.
   *
   * @throws IllegalArgumentException if it is the batch's, or counts from the last
   */
  public Cumsum {
    if (axis < 1) {
      throw new IllegalArgumentException("Cumsum: axis must be 1 or more, found " + axis);
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    if (axis > input.rank()) {
      throw new IllegalArgumentException(
          "Cumsum: axis " + axis + " is none of an input of [batch], " + input);
    }
    return input;
  }

  @Override
  public String kerasName() {
    return "cumsum";
  }

  @Override
  public String className() {
    return "Cumsum";
  }
}
