package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Several values one after another: Keras's {@code Concatenate}.
 *
 * @param axis along which, the batch's being 0: the last, -1, of features; 1 of steps, where the
 *     inputs have steps
 */
public record Concatenate(int axis) implements Merge {
  /** The features side by side, as without an axis in Keras. */
  public static final Concatenate FEATURES = new Concatenate(-1);

  /**
   * Validates the axis.
   *
   * @throws IllegalArgumentException if it is the batch's, or none
   */
  public Concatenate {
    if (axis == 0 || axis < -2 || axis > 2) {
      throw new IllegalArgumentException(
          "Concatenate: axis must be -1 or 2 (features), or 1 or -2 (steps), found " + axis);
    }
  }

  /** Returns whether inputs of this rank are put side by side, and not one after another. */
  public boolean ofFeatures(int rank) {
    return axis == -1 || axis == rank;
  }

  @Override
  public Shape mergedShape(List<Shape> inputs) {
    Merge.requireInputs(this, inputs, 1, Integer.MAX_VALUE);
    int rank = inputs.getFirst().rank();
    int steps = Merge.steps(inputs.getFirst());
    int width = inputs.getFirst().size(-1);
    boolean features = ofFeatures(rank);
    int sum = 0;
    for (Shape input : inputs) {
      boolean fits = features ? Merge.steps(input) == steps : input.size(-1) == width;
      if (input.rank() != rank || !fits || (!features && rank == 1)) {
        throw new IllegalArgumentException(
            "Concatenate: along axis "
                + axis
                + " inputs must agree in all other sizes, found "
                + inputs);
      }
      sum = Math.addExact(sum, features ? input.size(-1) : input.size(0));
    }
    return rank == 1 ? Shape.of(sum) : features ? Shape.of(steps, sum) : Shape.of(sum, width);
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
