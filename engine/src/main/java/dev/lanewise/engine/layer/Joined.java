package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several values one after another along an axis: {@code keras.ops.concatenate}, or along one of
 * its own: {@code keras.ops.stack}.
 *
 * @param axis along which, the batch's being 0
 * @param stacked whether the axis is a new one
 */
public record Joined(int axis, boolean stacked) implements Operation {
  /**
   * Validates the axis.
   *
   * @throws IllegalArgumentException if it is the batch's, or counts from the last
   */
  public Joined {
    if (axis < 1) {
      throw new IllegalArgumentException("Joined: axis must be 1 or more, found " + axis);
    }
  }

  /**
   * {@return the shapes that are put one after another: stacked ones have a size more}
   *
   * @param inputs the shape of each input, in order
   */
  public List<Shape> parts(List<Shape> inputs) {
    return stacked ? inputs.stream().map(this::widened).toList() : inputs;
  }

  private Shape widened(Shape input) {
    if (axis > input.rank() + 1) {
      throw new IllegalArgumentException(
          className() + ": axis " + axis + " is none beside those of [batch], " + input);
    }
    List<Integer> sizes = new ArrayList<>(IntStream.of(input.toArray()).boxed().toList());
    sizes.add(axis - 1, 1);
    return Shape.of(sizes.stream().mapToInt(size -> size).toArray());
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Merge.requireInputs(this, inputs, 1, Integer.MAX_VALUE);
    if (stacked && inputs.stream().distinct().count() > 1) {
      throw new IllegalArgumentException("Stack: inputs must have one shape, found " + inputs);
    }
    return List.of(new Concatenate(axis).mergedShape(parts(inputs)));
  }

  @Override
  public Shape outputShape(Shape input) {
    return outputShapes(List.of(input)).getFirst();
  }

  @Override
  public String kerasName() {
    return stacked ? "stack" : "concatenate";
  }

  @Override
  public String className() {
    return stacked ? "Stack" : "Concatenate";
  }
}
