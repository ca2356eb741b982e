package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

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
   * @throws IllegalArgumentException if it is no order
   */
  public Permute {
    dims = List.copyOf(dims);
    if (dims.isEmpty() || !dims.stream().sorted().toList().equals(inOrder(dims.size()))) {
      throw new IllegalArgumentException(
          "Permute: dims must be the numbers from 1 on, each once, found " + dims);
    }
  }

  /** {@return the layer that makes features of steps and steps of features} */
  public static Permute turning() {
    return new Permute(List.of(2, 1));
  }

  private static List<Integer> inOrder(int count) {
    return IntStream.rangeClosed(1, count).boxed().toList();
  }

  /** {@return whether any sizes change places} */
  public boolean turns() {
    return !dims.equals(inOrder(dims.size()));
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
    return Shape.of(dims.stream().mapToInt(dim -> input.size(dim - 1)).toArray());
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
