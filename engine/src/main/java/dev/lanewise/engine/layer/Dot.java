package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The product of two values, summed over an axis of each: Keras's {@code Dot}. The result's sizes
 * are the first one's others and the second one's others; if there are none, it is one number.
 *
 * @param firstAxis the axis of the first, the batch's being 0; a negative one counts from the last
 * @param secondAxis the axis of the second
 * @param normalize whether vectors along these axes are made of length 1 before
 */
public record Dot(int firstAxis, int secondAxis, boolean normalize) implements Merge {
  /**
   * {@return the product along the same axis of both}
   *
   * @param axis a sample's axis, counted from the batch's, which is 0
   */
  public static Dot of(int axis) {
    return new Dot(axis, axis, false);
  }

  /**
   * {@return which of an input's sizes is summed over, counted from 0}
   *
   * @param input 0 for the first, 1 for the second
   * @param shape that input's shape
   */
  public int summed(int input, Shape shape) {
    int axis = input == 0 ? firstAxis : secondAxis;
    int place = axis < 0 ? axis + shape.rank() : axis - 1;
    if (axis == 0 || place < 0 || place >= shape.rank()) {
      throw new IllegalArgumentException(
          "Dot: axis " + axis + " is none of an input of [batch], " + shape);
    }
    return place;
  }

  @Override
  public Shape mergedShape(List<Shape> inputs) {
    Merge.requireInputs(this, inputs, 2, 2);
    List<Integer> left = new ArrayList<>();
    int[] summed = new int[2];
    for (int i = 0; i < 2; i++) {
      Shape shape = inputs.get(i);
      int place = summed(i, shape);
      summed[i] = shape.size(place);
      for (int axis = 0; axis < shape.rank(); axis++) {
        if (axis != place) {
          left.add(shape.size(axis));
        }
      }
    }
    if (summed[0] != summed[1]) {
      throw new IllegalArgumentException(
          "Dot: axes " + firstAxis + " and " + secondAxis + " differ in size, found " + inputs);
    }
    return left.isEmpty()
        ? Shape.of(1)
        : Shape.of(left.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public String kerasName() {
    return "dot";
  }

  @Override
  public String className() {
    return "Dot";
  }
}
