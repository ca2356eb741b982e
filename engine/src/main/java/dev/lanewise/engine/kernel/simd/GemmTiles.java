package dev.lanewise.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;

/**
 * How wide the GEMM's register tiles are. What decides is the number of vector registers, 32 with
 * AVX-512 and NEON, else 16, more than the width of what is in them. Best GFLOP/s of 25 x 178 x 150
 * on one core of a Zen 4, whose peak is 115 with 512 or 256 bits and half that with 128:
 *
 * <pre>
 *   registers   bits   panels of 5, 2, 1   panels of 2, 1
 *          32    512          112
 *          32    256          114
 *          32    128           56                36
 *          16    256           47                98
 *          16    128           32                48
 * </pre>
 */
final class GemmTiles {
  /** Whether a tile of 5 rows and 5 vectors stays in registers: 25 sums, 5 of B, 1 of A. */
  private static final boolean WIDE_PANELS = has32Registers();

  private static final int AVX512_BITS = 512;

  private GemmTiles() {}

  /**
   * Returns how many vectors the next panel takes: five as long as that leaves none or more than
   * three, else what is left in two parts as even as can be.
   *
   * @param rows the rows of the strip
   * @param left the vectors that are left of its width
   */
  static int width(int rows, int left) {
    if (rows == 1 && left >= 10) {
      return 10;
    }
    if (!WIDE_PANELS) {
      return Math.min(left, 2);
    }
    return left >= 9 ? 5 : left > 5 ? (left + 1) / 2 : left;
  }

  private static boolean has32Registers() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize() >= AVX512_BITS
        || "aarch64".equals(System.getProperty("os.arch"));
  }
}
