package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * Puts zeros around a picture.
 *
 * @param top rows above, 0 to 2^24
 * @param bottom rows below
 * @param left columns before
 * @param right columns behind
 */
public record ZeroPadding2D(int top, int bottom, int left, int right) implements Relocation {
  private static final String NAME = "ZeroPadding2D";

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public ZeroPadding2D {
    ZeroPadding1D.requireEnds(NAME, top, bottom);
    ZeroPadding1D.requireEnds(NAME, left, right);
  }

  @Override
  public int row(int row) {
    return row - top;
  }

  @Override
  public int column(int column) {
    return column - left;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input.rank() != 3
        ? resized(input, 1, 1)
        : resized(input, (long) input.size(0) + top + bottom, (long) input.size(1) + left + right);
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "zero_padding2d";
  }
}
