package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * Each element at least one number and at most another: {@code keras.ops.clip}. At either of them
 * it has half of the gradient, as in JAX.
 *
 * @param least the smallest that an element becomes
 * @param most the largest
 */
public record Clip(double least, double most) implements Operation {
  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if they are not in order
   */
  public Clip {
    if (!(least <= most)) {
      throw new IllegalArgumentException(
          "Clip: the least must be at most the most, found " + least + " and " + most);
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public String kerasName() {
    return "clip";
  }

  @Override
  public String className() {
    return "Clip";
  }
}
