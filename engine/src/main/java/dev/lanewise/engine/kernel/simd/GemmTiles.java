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
  /** Rows of a tile that starts from one repeated row. */
  static final int ROWS = 5;

  /** Whether a tile of 5 rows and 5 vectors stays in registers: 25 sums, 5 of B, 1 of A. */
  static final boolean WIDE_PANELS = has32Registers();

  private static final int AVX512_BITS = 512;

  private GemmTiles() {}

  private static boolean has32Registers() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize() >= AVX512_BITS
        || "aarch64".equals(System.getProperty("os.arch"));
  }
}
