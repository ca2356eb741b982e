package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Gives the dimensions of a sample in another order: of a sequence, {@code [2, 1]} turns [steps,
 * features] into [features, steps].
 *
 * @param dims each dimension of the output by its number in the input, from 1
 */
public record Permute(List<Integer> dims) implements Layer {
  /**
   * Validates the order.
   *
   * @throws IllegalArgumentException if it is none of one or two dimensions
   */
  public Permute {
    dims = List.copyOf(dims);
    if (!List.of(List.of(1), List.of(1, 2), List.of(2, 1)).contains(dims)) {
      throw new IllegalArgumentException(
          "Permute: dims must be [2, 1], [1, 2] or [1], found " + dims);
    }
  }

  /** Returns the layer that makes features of steps and steps of features. */
  public static Permute turning() {
    return new Permute(List.of(2, 1));
  }

  /** Returns whether steps and features change places. */
  public boolean turns() {
    return dims.getFirst() == 2;
  }

  @Override
  public String className() {
    return "Permute";
  }

  @Override
  public String kerasName() {
    return "permute";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != dims.size()) {
      throw new IllegalArgumentException(
          "Permute: dims " + dims + " do not fit an input of " + input);
    }
    return turns() ? Shape.of(input.size(1), input.size(0)) : input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
