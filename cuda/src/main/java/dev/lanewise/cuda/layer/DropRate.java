package dev.lanewise.cuda.layer;

/**
 * A share that is dropped, as kernels compare it with what they draw, which has 24 bits.
 *
 * @param threshold draws below it drop
 * @param kept what is not dropped is multiplied by it
 */
public record DropRate(int threshold, double kept) {
  private static final double BITS = 0x1p24;

  /** Returns that of a rate in [0, 1). */
  public static DropRate of(double rate) {
    return new DropRate((int) Math.round(rate * BITS), 1 / (1 - rate));
  }
}
