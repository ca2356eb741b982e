package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** A layer that makes one value of several, in a {@link Graph}. */
public sealed interface Merge extends Layer
    permits Pointwise, Concatenate, Dot, Attention, AdditiveAttention, MultiHeadAttention {
  /**
   * {@return the shape of what one sample's inputs become}
   *
   * @param inputs the shape of each input, in order
   * @throws IllegalArgumentException if the layer cannot take them
   */
  Shape mergedShape(List<Shape> inputs);

  @Override
  default List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(mergedShape(inputs));
  }

  @Override
  default Shape outputShape(Shape input) {
    return mergedShape(List.of(input));
  }

  @Override
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  /**
   * {@return the steps of a shape, 1 where it is no sequence}
   *
   * @param shape a sample's shape, [features] or [steps, features]
   */
  static int steps(Shape shape) {
    return shape.rank() == 1 ? 1 : shape.size(0);
  }

  /**
   * {@return the steps of a shape, 0 where it is no sequence}
   *
   * @param shape a sample's shape
   */
  static int stepsOrNone(Shape shape) {
    return shape.rank() == 1 ? 0 : shape.size(0);
  }

  /**
   * Refuses too few or too many inputs.
   *
   * @param layer the layer, for the message
   * @param inputs the shape of each input, in order
   * @param least the fewest it takes
   * @param most the most it takes
   */
  static void requireInputs(Layer layer, List<Shape> inputs, int least, int most) {
    if (inputs.size() < least || inputs.size() > most) {
      String expected =
          most == Integer.MAX_VALUE
              ? least + " or more"
              : least == most ? String.valueOf(least) : least + " to " + most;
      throw new IllegalArgumentException(
          layer.className() + ": takes " + expected + " inputs, found " + inputs.size());
    }
  }
}
