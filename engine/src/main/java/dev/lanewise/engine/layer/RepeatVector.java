package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Makes a sequence of one vector: [features] becomes [times, features].
 *
 * @param times the steps, 1 or more
 */
public record RepeatVector(int times) implements Layer {
  /**
   * Validates the number.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public RepeatVector {
    if (times < 1) {
      throw new IllegalArgumentException("RepeatVector: n must be 1 or more, found " + times);
    }
  }

  @Override
  public String className() {
    return "RepeatVector";
  }

  @Override
  public String kerasName() {
    return "repeat_vector";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1) {
      throw new IllegalArgumentException(
          "RepeatVector: input must be [features], found "
              + input
              + "; let the layer below return its last state alone");
    }
    return Shape.of(times, input.size(0));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
