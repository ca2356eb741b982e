package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.Kernels;

/**
 * Cuts a GEMM into register tiles: strips of rows outside, panels of columns inside, so that a
 * strip of A stays in the first-level cache, as long as B comes from the second-level cache. Where
 * it cuts changes no chain, and so no bit.
 */
final class SimdGemm {
  private static final long STEP = Lanes.BYTES;

  private SimdGemm() {}

  /** See {@link Kernels#gemm}; strides in elements, addresses in bytes. */
  static void run(
      int m,
      int n,
      int k,
      long a,
      long aRowStride,
      long aColumnStride,
      long b,
      long bRowStride,
      long s,
      long sRowStride,
      long c,
      long cRowStride) {
    int vectors = Math.ceilDiv(n, Lanes.COUNT); // narrow vectors need not fill the padding
    long aRow = aRowStride * Float.BYTES;
    long aColumn = aColumnStride * Float.BYTES;
    long bRow = bRowStride * Float.BYTES;
    long sRow = sRowStride * Float.BYTES;
    long cRow = cRowStride * Float.BYTES;
    if (!GemmTiles.isNear(aRow, aColumn, bRow)) {
      for (int i = 0; i < m; i++) {
        strips(1, vectors, k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
        a += aRow;
        s += sRow;
        c += cRow;
      }
    } else if (m > GemmTiles.ROWS && GemmTiles.isFar((long) k * vectors * Lanes.COUNT)) {
      // the other way round: each panel of B is fetched once, for all strips
      int j = 0;
      while (j < vectors) {
        int width = GemmTiles.width(GemmTiles.ROWS, vectors - j);
        long x = j * STEP;
        strips(m, width, k, a, aRow, aColumn, b + x, bRow, s + x, sRow, c + x, cRow);
        j += width;
      }
    } else {
      strips(m, vectors, k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
    }
  }

  private static void strips(
      int m,
      int vectors,
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long bRow,
      long s,
      long sRow,
      long c,
      long cRow) {
    int i = 0;
    while (i < m) {
      int rows = GemmTiles.rows(m - i);
      long aStrip = a + i * aRow;
      long sStrip = s + i * sRow;
      long cStrip = c + i * cRow;
      int j = 0;
      while (j < vectors) {
        int width = GemmTiles.width(rows, vectors - j);
        long x = j * STEP;
        tile(
            rows, width, k, aStrip, aRow, aColumn, b + x, bRow, sStrip + x, sRow, cStrip + x, cRow);
        j += width;
      }
      i += rows;
    }
  }

  /** Some rows of a panel of so many vectors. */
  static void tile(
      int rows,
      int width,
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long bRow,
      long s,
      long sRow,
      long c,
      long cRow) {
    switch (width) {
      case 10 -> row(k, a, aColumn, b, bRow, s, c);
      case 4 -> PanelOf4.strip(rows, k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      case 3 -> PanelOf3.strip(rows, k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      case 2 -> pair(rows, k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      default -> PanelOf1.strip(rows, k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
    }
  }

  private static void pair(
      int rows,
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long bRow,
      long s,
      long sRow,
      long c,
      long cRow) {
    if (rows == GemmTiles.ROWS && bRow == PanelGemm.ROW) {
      PackedPanelOf2.rows5(k, a, aRow, aColumn, b, s, sRow, c, cRow);
    } else {
      PanelOf2.strip(rows, k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
    }
  }

  private static void row(int k, long a, long aColumn, long b, long bRow, long s, long c) {
    if (GemmTiles.wide()) {
      PanelOf10.rows1(k, a, aColumn, b, bRow, s, c);
    } else {
      MaskedPanelOf10.rows1(k, a, aColumn, b, bRow, s, c);
    }
  }
}
