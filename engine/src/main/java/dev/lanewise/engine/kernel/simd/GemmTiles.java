package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.Kernels;
import jdk.incubator.vector.FloatVector;

/**
 * How large the GEMM's register tiles are. What decides is the number of vector registers, 32 with
 * AVX-512 and NEON, else 16, more than the width of what is in them: twenty sums, 4 of B and 1 of A
 * fit the one, ten to twelve sums, 2 of B and 1 of A the other.
 */
final class GemmTiles {
  /** Whether a tile of 5 rows and 4 vectors stays in registers. */
  private static final boolean WIDE = has32Registers();

  private static final int AVX512_BITS = 512;

  /** Rows of the tile that is to do most of the work. */
  static final int ROWS = 5;

  /**
   * The longest strides in bytes, and the mask of any: 256 MiB, so that five of them are an int.
   * What lies further apart goes row by row.
   */
  static final long NEAR = (1L << 28) - 1;

  /** Vectors of the widest panel. */
  private static final int WIDEST = 4;

  /** Floats of a matrix that leaves no room for another in a second-level cache: 512 KiB. */
  private static final long FAR_FLOATS = 1 << 17;

  /** Floats of weights that wide tiles, too, find sooner in panels: 2 MiB. */
  private static final long PACKED_FLOATS = 1 << 19;

  /** Floats of a strip's rows: 3 KiB. */
  private static final int STRIP_FLOATS = 800;

  private GemmTiles() {}

  /** Returns whether panels are up to four vectors wide, not two. */
  static boolean wide() {
    return WIDE;
  }

  /**
   * Returns how many rows the next strip takes, so that few are left for strips of less than four.
   *
   * @param left the rows that are left
   */
  static int rows(int left) {
    return WIDE ? wideRows(left) : narrowRows(left);
  }

  /** Returns whether tiles of several rows can address strides, none negative, of so many bytes. */
  static boolean isNear(long aRow, long aColumn, long bRow) {
    return (aRow | aColumn | bRow) <= NEAR;
  }

  /** Strips as even as can be: 16 rows are four times 4 and not three times 5, and 1. */
  static int wideRows(int left) {
    return left < ROWS ? small(left) : Math.max(4, Math.ceilDiv(left, Math.ceilDiv(left, ROWS)));
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

  /** See {@link Kernels#panelsFrom}. */
  static long panelsFrom() {
    return WIDE ? PACKED_FLOATS : 0;
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
      rows += rows(left - rows);
    }
    return rows;
  }

  /**
   * Returns how many vectors the next panel takes: ten are 4, 3 and 3, since the fewer a panel has,
   * the more loads there are to a multiplication, and one alone has too few sums for its latency.
   * Narrow panels are all of two, which whole columns of padding have room for.
   *
   * @param rows the rows of the strip
   * @param left the vectors that are left of its width
   */
  static int width(int rows, int left) {
    if (rows == 1 && left >= 10) {
      return 10;
    }
    return WIDE ? Math.ceilDiv(left, Math.ceilDiv(left, WIDEST)) : 2;
  }

  private static boolean has32Registers() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize() >= AVX512_BITS
        || "aarch64".equals(System.getProperty("os.arch"));
  }
}
