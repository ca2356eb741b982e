package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Leaves out steps at both ends of a sequence.
 *
 * @param before how many at the beginning, 0 to 2^24
 * @param behind how many at the end, 0 to 2^24
 */
public record Cropping1D(int before, int behind) implements Layer {
  private static final String NAME = "Cropping1D";

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Cropping1D {
    ZeroPadding1D.requireEnds(NAME, before, behind);
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "cropping1d";
  }

  @Override
  public Shape outputShape(Shape input) {
    int steps = Sequences.steps(NAME, input) - before - behind;
    if (steps < 1) {
      throw new IllegalArgumentException(
          "Cropping1D: a sequence of "
              + input.size(0)
              + " steps has none left without "
              + before
              + " and "
              + behind);
    }
    return Shape.of(steps, input.size(1));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
