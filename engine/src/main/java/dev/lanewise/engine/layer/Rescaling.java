package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Multiplies by a number and adds another: y = x * scale + offset.
 *
 * @param scale the factor
 * @param offset what is added
 */
public record Rescaling(double scale, double offset) implements Layer {
  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is not finite
   */
  public Rescaling {
    if (!Double.isFinite(scale) || !Double.isFinite(offset)) {
      throw new IllegalArgumentException(
          "Rescaling: scale and offset must be finite, found " + scale + " and " + offset);
    }
  }

  /**
   * {@return a layer that adds nothing}
   *
   * @param scale what every value is multiplied by
   */
  public static Rescaling of(double scale) {
    return new Rescaling(scale, 0);
  }

  @Override
  public String className() {
    return "Rescaling";
  }

  @Override
  public String kerasName() {
    return "rescaling";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
