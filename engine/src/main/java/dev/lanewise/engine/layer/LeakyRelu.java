package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * The rectifier that lets a part through below zero, Keras's layer {@code LeakyReLU}: y = x where x
 * is above 0, else negativeSlope * x (Maas et al. 2013).
 *
 * @param negativeSlope the slope below zero, 0 or more
 */
public record LeakyRelu(double negativeSlope) implements Layer {
  /** Keras's default slope. */
  public static final double DEFAULT_SLOPE = 0.3;

  /**
   * Validates the slope.
   *
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public LeakyRelu {
    if (!(negativeSlope >= 0 && negativeSlope <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "LeakyRelu: negativeSlope must be 0 or more, and a float32, found " + negativeSlope);
    }
  }

  @Override
  public String className() {
    return "LeakyReLU";
  }

  @Override
  public String kerasName() {
    return "leaky_re_lu";
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
