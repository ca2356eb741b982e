package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.Kernels;

/**
 * Cuts a GEMM whose B lies in panels into register tiles as wide as those are; otherwise as {@link
 * SimdGemm}.
 */
final class PanelGemm {
  /** Bytes from row to row inside a panel. */
  static final long ROW = (long) Kernels.LANES * Float.BYTES;

  /** Vectors of a panel. */
  static final int VECTORS = Kernels.LANES / Lanes.COUNT;

  private static final int PAIR = 2;

  /** Vectors of a tile. */
  private static final int WIDTH = GemmTiles.wide() ? VECTORS : PAIR;

  /** Panels that a single row goes through at a time: ten vectors. */
  private static final int SIDE_BY_SIDE = 5;

  /** Panels that a wide tile goes through at a time where each is one vector. */
  private static final int ABREAST = 4;

  private PanelGemm() {}

  /** See {@link Kernels#gemm}; strides in elements, addresses in bytes. */
  static void run(
      int m,
      int n,
      int k,
      long a,
      long aRowStride,
      long aColumnStride,
      long b,
      long bPanelStride,
      long s,
      long sRowStride,
      long c,
      long cRowStride) {
    int panels = Math.ceilDiv(n, Kernels.LANES);
    long aRow = aRowStride * Float.BYTES;
    long aColumn = aColumnStride * Float.BYTES;
    long bPanel = bPanelStride * Float.BYTES;
    long sRow = sRowStride * Float.BYTES;
    long cRow = cRowStride * Float.BYTES;
    boolean near = GemmTiles.isNear(aRow, aColumn, ROW);
    if (near && m > GemmTiles.ROWS && GemmTiles.isFar((long) k * panels * Kernels.LANES)) {
      int j = 0;
      while (j < panels) { // each panel is fetched once, for all strips
        int count = abreast(panels - j, bPanel);
        long x = j * ROW;
        strips(m, count, k, a, aRow, aColumn, b + j * bPanel, bPanel, s + x, sRow, c + x, cRow);
        j += count;
      }
      return;
    }
    int tall = near ? m : 1;
    for (int i = 0; i < m; i += tall) {
      strips(
          tall,
          panels,
          k,
          a + i * aRow,
          aRow,
          aColumn,
          b,
          bPanel,
          s + i * sRow,
          sRow,
          c + i * cRow,
          cRow);
    }
  }

  private static void strips(
      int m,
      int panels,
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long bPanel,
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
      int j = rows == 1 ? sideBySide(panels, k, aStrip, aColumn, b, bPanel, sStrip, cStrip) : 0;
      while (j < panels) {
        int count = abreast(panels - j, bPanel);
        long x = j * ROW;
        long at = b + j * bPanel;
        if (count == 1) {
          panel(rows, k, aStrip, aRow, aColumn, at, sStrip + x, sRow, cStrip + x, cRow);
        } else {
          long to = cStrip + x;
          AbreastPanelOf4.strip(
              rows, k, aStrip, aRow, aColumn, at, ROW, bPanel, sStrip + x, sRow, to, cRow);
        }
        j += count;
      }
      i += rows;
    }
  }

  /** Returns how many of the panels that are left a tile goes through at a time. */
  private static int abreast(int left, long bPanel) {
    boolean several = GemmTiles.wide() && VECTORS == 1 && bPanel <= GemmTiles.NEAR;
    return several && left >= ABREAST ? ABREAST : 1;
  }

  /** Takes one row through as many panels as it can at a time; returns how many that were. */
  private static int sideBySide(
      int panels, int k, long a, long aColumn, long b, long bPanel, long s, long c) {
    int done = 0;
    if (VECTORS == PAIR && bPanel <= GemmTiles.NEAR) {
      for (; done + SIDE_BY_SIDE <= panels; done += SIDE_BY_SIDE) {
        long x = done * ROW;
        PackedPanelOf10.rows1(k, a, aColumn, b + done * bPanel, bPanel, s + x, c + x);
      }
    }
    return done;
  }

  private static void panel(
      int rows,
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long s,
      long sRow,
      long c,
      long cRow) {
    for (int v = 0; v < VECTORS; v += WIDTH) {
      long x = (long) v * Lanes.BYTES;
      SimdGemm.tile(rows, WIDTH, k, a, aRow, aColumn, b + x, ROW, s + x, sRow, c + x, cRow);
    }
  }
}
