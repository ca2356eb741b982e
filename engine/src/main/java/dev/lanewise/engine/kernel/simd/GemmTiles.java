package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.Kernels;
import jdk.incubator.vector.FloatVector;

/**
 * How large the GEMM's register tiles are. What decides is the number of vector registers, 32 with
 * AVX-512 and NEON, else 16, more than the width of what is in them. Best GFLOP/s of 25 x 178 x 150
 * on one core of a Zen 4, whose peak is 115 with 512 or 256 bits and half that with 128:
 *
 * <pre>
 *   registers   bits   panels of 5, 2, 1   panels of 2
 *          32    512          112
 *          32    256          114
 *          32    128           56                36
 *          16    256           47                98
 *          16    128           32                48
 * </pre>
 *
 * <p>That was with five rows of two vectors whose reads of A were checked; without, a training step
 * of a Zen 3 with 16 registers is a third faster (bench/results).
 */
final class GemmTiles {
  /** Whether a tile of 5 rows and 5 vectors stays in registers: 25 sums, 5 of B, 1 of A. */
  private static final boolean WIDE = has32Registers();

  private static final int AVX512_BITS = 512;

  /** Rows of the tile that is to do most of the work. */
  static final int ROWS = 5;

  /**
   * The longest strides in bytes, and the mask of any: 256 MiB, so that five of them are an int.
   * What lies further apart goes row by row.
   */
  static final long NEAR = (1L << 28) - 1;

  /** Floats of a matrix that leaves no room for another in a second-level cache: 512 KiB. */
  private static final long FAR_FLOATS = 1 << 17;

  /** Floats of a strip's rows: 3 KiB. */
  private static final int STRIP_FLOATS = 800;

  private GemmTiles() {}

  /** Returns whether panels are up to five vectors wide, not two. */
  static boolean wide() {
    return WIDE;
  }

  /**
   * Returns how many rows the next strip takes, so that few are left for strips of less than four.
   *
   * @param left the rows that are left
   * @param repeated whether they start from one row: five rows of five vectors have to, since more
   *     starts than that are more than the JIT's first compiler can hold
   */
  static int rows(int left, boolean repeated) {
    return WIDE ? wideRows(left, repeated) : narrowRows(left);
  }

  /** Returns whether tiles of several rows can address strides, none negative, of so many bytes. */
  static boolean isNear(long aRow, long aColumn, long bRow) {
    return (aRow | aColumn | bRow) <= NEAR;
  }

  /** Strips as even as can be: 16 rows are four times 4 and not three times 5, and 1. */
  static int wideRows(int left, boolean repeated) {
    if (left < ROWS) {
      return small(left);
    }
    int even = Math.ceilDiv(left, Math.ceilDiv(left, ROWS));
    return repeated ? Math.max(even, 4) : 4;
  }

  /** Six rows of two vectors have registers, too: any number from 20 on is fives and sixes. */
  static int narrowRows(int left) {
    if (left < ROWS || left == 8) {
      return small(left);
    }
    int strips = left / ROWS;
    int over = left % ROWS;
    return over > 0 && over <= strips ? ROWS + 1 : ROWS;
  }

  private static int small(int left) {
    return left >= 4 ? 4 : left == 3 ? 2 : left;
  }

  /** Returns whether a matrix of so many elements is to be read as seldom as can be. */
  static boolean isFar(long elements) {
    return elements > FAR_FLOATS;
  }

  /**
   * See {@link Kernels#stripRows}. Where the weights are far away, all rows go through them
   * together.
   */
  static int stripRows(int left, long weights, int columns) {
    if (left == 1 || isFar(weights)) {
      return left;
    }
    int strips = Math.max(1, STRIP_FLOATS / (ROWS * Kernels.padded(columns)));
    int rows = 0;
    for (int i = 0; i < strips && rows < left; i++) {
      rows += rows(left - rows, true);
    }
    return rows;
  }

  /**
   * Returns how many vectors the next panel takes: five as long as that leaves none or more than
   * three, else what is left in two parts as even as can be. Narrow panels are all of two, which
   * whole columns of padding have room for.
   *
   * @param rows the rows of the strip
   * @param left the vectors that are left of its width
   */
  static int width(int rows, int left) {
    if (rows == 1 && left >= 10) {
      return 10;
    }
    if (!WIDE) {
      return 2;
    }
    return left >= 9 ? 5 : left > 5 ? (left + 1) / 2 : left;
  }

  private static boolean has32Registers() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize() >= AVX512_BITS
        || "aarch64".equals(System.getProperty("os.arch"));
  }
}
