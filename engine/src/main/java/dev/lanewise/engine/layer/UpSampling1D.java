package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Gives each step of a sequence several times in a row.
 *
 * @param size how many times, 1 to 2^24
 */
public record UpSampling1D(int size) implements Layer {
  private static final String NAME = "UpSampling1D";
  private static final int MAXIMUM = 1 << 24;

  /**
   * Validates the number.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public UpSampling1D {
    if (size < 1 || size > MAXIMUM) {
      throw new IllegalArgumentException(
          "UpSampling1D: size must be between 1 and " + MAXIMUM + ", found " + size);
    }
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "up_sampling1d";
  }

  @Override
  public Shape outputShape(Shape input) {
    long steps = (long) Sequences.steps(NAME, input) * size;
    if (steps > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "UpSampling1D: " + input.size(0) + " steps, each " + size + " times, are too many");
    }
    return Shape.of((int) steps, input.size(1));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
