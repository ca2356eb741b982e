package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Softmax along any axis, Keras's layer {@code Softmax}: along that of the steps, the shares of all
 * steps add up to 1 in each feature. Along the last it is what an {@link ActivationLayer} does.
 *
 * @param axis along which, the batch's being 0; counted from the last if it is negative
 */
public record Softmax(int axis) implements Layer {
  /**
   * Validates the axis.
   *
   * @throws IllegalArgumentException if it is the batch's
   */
  public Softmax {
    if (axis == 0) {
      throw new IllegalArgumentException("Softmax: axis must be another than the batch's, found 0");
    }
  }

  /**
   * {@return the axis counted from the batch's, which is 0}
   *
   * @param input the shape of one sample
   */
  public int axis(Shape input) {
    int counted = axis < 0 ? axis + input.rank() + 1 : axis;
    if (counted < 1 || counted > input.rank()) {
      throw new IllegalArgumentException(
          "Softmax: axis " + axis + " is none of a sample's of [batch], " + input);
    }
    return counted;
  }

  /**
   * {@return whether it is along the last axis}
   *
   * @param input the shape of one sample
   */
  public boolean ofFeatures(Shape input) {
    return axis(input) == input.rank();
  }

  @Override
  public Shape outputShape(Shape input) {
    axis(input);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  @Override
  public String className() {
    return "Softmax";
  }

  @Override
  public String kerasName() {
    return "softmax";
  }
}
