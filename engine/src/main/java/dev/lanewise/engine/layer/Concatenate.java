package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Several values one after another: Keras's {@code Concatenate}.
 *
 * @param axis along which, the batch's being 0: the last, -1, of features; 1 of steps, where the
 *     inputs have steps
 * @param rule what becomes of masks where features go side by side
 */
public record Concatenate(int axis, MaskRule rule) implements Merge {
  private static final int MOST_SIZES = 4;

  /** The features side by side, as without an axis in Keras. */
  public static final Concatenate FEATURES = new Concatenate(-1);

  /**
   * Validates the axis.
   *
   * @throws IllegalArgumentException if it is the batch's, or none
   */
  public Concatenate {
    Objects.requireNonNull(rule, "Concatenate: rule");
    if (axis == 0 || axis < -MOST_SIZES || axis > MOST_SIZES) {
      throw new IllegalArgumentException(
          "Concatenate: axis must be -1 (features), 1 (steps), or another that is not the batch's,"
              + " 0, found "
              + axis);
    }
  }

  /**
   * Makes one by Keras 3's rule for masks.
   *
   * @param axis along which, see above
   * @throws IllegalArgumentException if it is the batch's, or none
   */
  public Concatenate(int axis) {
    this(axis, MaskRule.KERAS_3);
  }

  /**
   * {@return the same by another rule}
   *
   * @param other what becomes of masks
   */
  public Concatenate withRule(MaskRule other) {
    return new Concatenate(axis, other);
  }

  /**
   * {@return whether inputs of this rank are put side by side, and not one after another}
   *
   * @param rank the sizes that a sample's shape has
   */
  public boolean ofFeatures(int rank) {
    return place(rank) == rank - 1;
  }

  /**
   * {@return which of a sample's sizes are added up, -1 if it has no such size}
   *
   * @param rank the sizes that a sample's shape has
   */
  public int place(int rank) {
    int place = axis < 0 ? axis + rank : axis - 1;
    return place < rank ? place : -1;
  }

  @Override
  public Shape mergedShape(List<Shape> inputs) {
    Merge.requireInputs(this, inputs, 1, Integer.MAX_VALUE);
    int[] sizes = inputs.getFirst().toArray();
    int place = place(sizes.length);
    int sum = 0;
    for (Shape input : inputs) {
      if (place < 0 || input.rank() != sizes.length) {
        throw disagree(inputs);
      }
      sum = Math.addExact(sum, input.size(place));
      int[] others = input.toArray();
      others[place] = sizes[place];
      if (!Arrays.equals(others, sizes)) {
        throw disagree(inputs);
      }
    }
    sizes[place] = sum;
    return Shape.of(sizes);
  }

  private IllegalArgumentException disagree(List<Shape> inputs) {
    return new IllegalArgumentException(
        "Concatenate: along axis "
            + axis
            + " inputs must agree in all other sizes, found "
            + inputs);
  }

  @Override
  public String kerasName() {
    return "concatenate";
  }

  @Override
  public String className() {
    return "Concatenate";
  }
}
