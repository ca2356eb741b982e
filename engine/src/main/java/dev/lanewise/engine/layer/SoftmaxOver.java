package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * Softmax along another axis than the last: of steps, for example, so that the shares of all steps
 * add up to 1 in each feature.
 *
 * @param axis along which, the batch's being 0
 */
public record SoftmaxOver(int axis) implements Operation {
  /**
   * Validates the axis.
   *
   * @throws IllegalArgumentException if it is the batch's, or counts from the last
   */
  public SoftmaxOver {
    if (axis < 1) {
      throw new IllegalArgumentException("SoftmaxOver: axis must be 1 or more, found " + axis);
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    if (axis >= input.rank()) {
      throw new IllegalArgumentException(
          "Softmax: axis " + axis + " is not one before the last of [batch], " + input);
    }
    return input;
  }

  @Override
  public String kerasName() {
    return "softmax";
  }

  @Override
  public String className() {
    return "Softmax";
  }
}
