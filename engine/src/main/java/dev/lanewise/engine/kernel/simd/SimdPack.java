package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Copies whole rows into panels, a row of a panel being a cache line. */
final class SimdPack {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;
  private static final long ADDRESS = (1L << 48) - 1;
  private static final long ROW = PanelGemm.ROW;

  private SimdPack() {}

  /** See {@link Kernels#pack}; strides in elements, addresses in bytes. */
  static void run(int rows, int columns, long x, long xRowStride, long y, long yPanelStride) {
    long xRow = xRowStride * Float.BYTES;
    for (int j = 0; j < columns; j += Kernels.LANES) {
      panel(rows, x, xRow, y);
      x += ROW;
      y += yPanelStride * Float.BYTES;
    }
  }

  private static void panel(int rows, long x, long xRow, long y) {
    for (int i = 0; i < rows; i++) {
      long from = x & ADDRESS;
      long to = y & ADDRESS;
      for (int v = 0; v < PanelGemm.VECTORS; v++) {
        FloatVector.fromMemorySegment(S, SPACE, from + (long) v * STEP, ORDER)
            .intoMemorySegment(SPACE, to + (long) v * STEP, ORDER);
      }
      x += xRow;
      y += ROW;
    }
  }
}
