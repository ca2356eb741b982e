package dev.lanewise.engine.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the GEMM, 10 vectors wide: {@code PanelSource} in the tests writes this file.
 *
 * <p>C = S + A * B, B in panels, for a few rows. Addresses and strides are in bytes.
 */
final class PackedPanelOf10 {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;
  private static final long ADDRESS = (1L << 48) - 1;
  private static final long ROW = PanelGemm.ROW;
  private static final long DISTANCE = GemmTiles.NEAR;

  private PackedPanelOf10() {}

  /** One row of C. */
  static void rows1(int k, long a, long aColumn, long b, long bPanel, long s, long c) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c02 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * STEP, ORDER);
    FloatVector c03 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * STEP, ORDER);
    FloatVector c04 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * STEP, ORDER);
    FloatVector c05 = FloatVector.fromMemorySegment(S, SPACE, s + 5 * STEP, ORDER);
    FloatVector c06 = FloatVector.fromMemorySegment(S, SPACE, s + 6 * STEP, ORDER);
    FloatVector c07 = FloatVector.fromMemorySegment(S, SPACE, s + 7 * STEP, ORDER);
    FloatVector c08 = FloatVector.fromMemorySegment(S, SPACE, s + 8 * STEP, ORDER);
    FloatVector c09 = FloatVector.fromMemorySegment(S, SPACE, s + 9 * STEP, ORDER);
    long panel = bPanel & DISTANCE;
    for (int p = 0; p < k; p++) {
      long at = b & ADDRESS;
      long from = a & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, SPACE, at + STEP, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, SPACE, at + panel, ORDER);
      FloatVector b3 = FloatVector.fromMemorySegment(S, SPACE, at + panel + STEP, ORDER);
      FloatVector b4 = FloatVector.fromMemorySegment(S, SPACE, at + 2 * panel, ORDER);
      FloatVector b5 = FloatVector.fromMemorySegment(S, SPACE, at + 2 * panel + STEP, ORDER);
      FloatVector b6 = FloatVector.fromMemorySegment(S, SPACE, at + 3 * panel, ORDER);
      FloatVector b7 = FloatVector.fromMemorySegment(S, SPACE, at + 3 * panel + STEP, ORDER);
      FloatVector b8 = FloatVector.fromMemorySegment(S, SPACE, at + 4 * panel, ORDER);
      FloatVector b9 = FloatVector.fromMemorySegment(S, SPACE, at + 4 * panel + STEP, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      c02 = v.fma(b2, c02);
      c03 = v.fma(b3, c03);
      c04 = v.fma(b4, c04);
      c05 = v.fma(b5, c05);
      c06 = v.fma(b6, c06);
      c07 = v.fma(b7, c07);
      c08 = v.fma(b8, c08);
      c09 = v.fma(b9, c09);
      a += aColumn;
      b += ROW;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
    c02.intoMemorySegment(SPACE, c + 2 * STEP, ORDER);
    c03.intoMemorySegment(SPACE, c + 3 * STEP, ORDER);
    c04.intoMemorySegment(SPACE, c + 4 * STEP, ORDER);
    c05.intoMemorySegment(SPACE, c + 5 * STEP, ORDER);
    c06.intoMemorySegment(SPACE, c + 6 * STEP, ORDER);
    c07.intoMemorySegment(SPACE, c + 7 * STEP, ORDER);
    c08.intoMemorySegment(SPACE, c + 8 * STEP, ORDER);
    c09.intoMemorySegment(SPACE, c + 9 * STEP, ORDER);
  }
}
