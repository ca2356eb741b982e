package dev.lanewise.engine.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Transposes in squares of a cache line's edge, so that each line of X and of Y is fetched once,
 * and inside them in squares of two, each row of which is one long. Real columns alone are touched,
 * which whole vectors could not keep to.
 */
final class SimdTranspose {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final int BLOCK = 16;

  /** Two floats, the first in the low half on every machine. */
  private static final ValueLayout.OfLong PAIR =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long LOW = 0xffffffffL;

  private SimdTranspose() {}

  static void run(int rows, int columns, long x, long xRowStride, long y, long yRowStride) {
    long xRow = xRowStride * Float.BYTES;
    long yRow = yRowStride * Float.BYTES;
    for (int i = 0; i < rows; i += BLOCK) {
      int height = Math.min(BLOCK, rows - i);
      for (int j = 0; j < columns; j += BLOCK) {
        int width = Math.min(BLOCK, columns - j);
        long from = x + i * xRow + (long) j * Float.BYTES;
        long to = y + j * yRow + (long) i * Float.BYTES;
        pairs(height & -2, width & -2, from, xRow, to, yRow);
        if ((width & 1) != 0) {
          elements(height, width - 1, width, from, xRow, to, yRow);
        }
        if ((height & 1) != 0) {
          long row = (height - 1) * xRow;
          long column = (height - 1L) * Float.BYTES;
          elements(1, 0, width, from + row, xRow, to + column, yRow);
        }
      }
    }
  }

  private static void pairs(int height, int width, long x, long xRow, long y, long yRow) {
    for (int j = 0; j < width; j += 2) {
      long from = x + (long) j * Float.BYTES;
      long to = y + j * yRow;
      for (int i = 0; i < height; i += 2) {
        long first = SPACE.get(PAIR, from);
        long second = SPACE.get(PAIR, from + xRow);
        SPACE.set(PAIR, to, (first & LOW) | (second << Integer.SIZE));
        SPACE.set(PAIR, to + yRow, (first >>> Integer.SIZE) | (second & ~LOW));
        from += 2 * xRow;
        to += 2 * Float.BYTES;
      }
    }
  }

  private static void elements(int height, int j0, int j1, long x, long xRow, long y, long yRow) {
    for (int j = j0; j < j1; j++) {
      long from = x + (long) j * Float.BYTES;
      long to = y + j * yRow;
      for (int i = 0; i < height; i++) {
        SPACE.set(JAVA_FLOAT, to, SPACE.get(JAVA_FLOAT, from));
        from += xRow;
        to += Float.BYTES;
      }
    }
  }
}
