package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Puts steps of zeros before and behind a sequence.
 *
 * @param before how many, 0 to 2^24
 * @param behind how many, 0 to 2^24
 */
public record ZeroPadding1D(int before, int behind) implements Layer {
  private static final String NAME = "ZeroPadding1D";
  private static final int MAXIMUM = 1 << 24;

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public ZeroPadding1D {
    requireEnds(NAME, before, behind);
  }

  /**
   * {@return a layer that puts as many steps before as behind; Keras's default is 1}
   *
   * @param padding how many at each end, at least 0
   */
  public static ZeroPadding1D of(int padding) {
    return new ZeroPadding1D(padding, padding);
  }

  static void requireEnds(String layer, int before, int behind) {
    if (before < 0 || behind < 0 || before > MAXIMUM || behind > MAXIMUM) {
      throw new IllegalArgumentException(
          layer
              + ": the steps of each end must be between 0 and "
              + MAXIMUM
              + ", found "
              + before
              + " and "
              + behind);
    }
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "zero_padding1d";
  }

  @Override
  public Shape outputShape(Shape input) {
    int steps = Math.addExact(Sequences.steps(NAME, input), before + behind);
    return Shape.of(steps, input.size(1));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
