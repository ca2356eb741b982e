package dev.lanewise.engine.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the GEMM, 2 vectors wide: {@code PanelSource} in the tests writes this file.
 *
 * <p>C = S + A * B, B in panels, for a few rows. Addresses and strides are in bytes.
 */
final class PackedPanelOf2 {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;
  private static final long ADDRESS = (1L << 48) - 1;
  private static final long ROW = PanelGemm.ROW;
  private static final long DISTANCE = GemmTiles.NEAR;
  private static final FloatVector NOTHING = Lanes.NOTHING;

  private PackedPanelOf2() {}

  /** Five rows of C, each from its row of S. */
  static void rows5(
      int k, long a, long aRow, long aColumn, long b, long s, long sRow, long c, long cRow) {
    if ((k & 1) != 0) {
      term5(a, aRow, b, s, sRow, c, cRow);
      k--;
      a += aColumn;
      b += ROW;
      s = c;
      sRow = cRow;
    }
    pairs5(k, a, aRow, aColumn, b, s, sRow, c, cRow);
  }

  private static void term5(long a, long aRow, long b, long s, long sRow, long c, long cRow) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + STEP, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow, ORDER);
    FloatVector c21 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + STEP, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow, ORDER);
    FloatVector c31 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + STEP, ORDER);
    FloatVector c40 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow, ORDER);
    FloatVector c41 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow + STEP, ORDER);
    long aStep = aRow & DISTANCE;
    long at = b & ADDRESS;
    long from = a & ADDRESS;
    FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
    FloatVector b1 = FloatVector.fromMemorySegment(S, SPACE, at + STEP, ORDER);
    FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
    c00 = v.fma(b0, c00);
    c01 = v.fma(b1, c01);
    v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
    c10 = v.fma(b0, c10);
    c11 = v.fma(b1, c11);
    v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 2 * aStep));
    c20 = v.fma(b0, c20);
    c21 = v.fma(b1, c21);
    v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 3 * aStep));
    c30 = v.fma(b0, c30);
    c31 = v.fma(b1, c31);
    v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 4 * aStep));
    c40 = v.fma(b0, c40);
    c41 = v.fma(b1, c41);
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
    c11.intoMemorySegment(SPACE, c + cRow + STEP, ORDER);
    c20.intoMemorySegment(SPACE, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(SPACE, c + 2 * cRow + STEP, ORDER);
    c30.intoMemorySegment(SPACE, c + 3 * cRow, ORDER);
    c31.intoMemorySegment(SPACE, c + 3 * cRow + STEP, ORDER);
    c40.intoMemorySegment(SPACE, c + 4 * cRow, ORDER);
    c41.intoMemorySegment(SPACE, c + 4 * cRow + STEP, ORDER);
  }

  private static void pairs5(
      int k, long a, long aRow, long aColumn, long b, long s, long sRow, long c, long cRow) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + STEP, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow, ORDER);
    FloatVector c21 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + STEP, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow, ORDER);
    FloatVector c31 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + STEP, ORDER);
    FloatVector c40 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow, ORDER);
    FloatVector c41 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow + STEP, ORDER);
    long aStep = aRow & DISTANCE;
    long end = b + k * ROW;
    long aNext = aColumn & DISTANCE;
    while (b != end) {
      long at = b & ADDRESS;
      long from = a & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, SPACE, at + STEP, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
      c10 = v.fma(b0, c10);
      c11 = v.fma(b1, c11);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 2 * aStep));
      c20 = v.fma(b0, c20);
      c21 = v.fma(b1, c21);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 3 * aStep));
      c30 = v.fma(b0, c30);
      c31 = v.fma(b1, c31);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 4 * aStep));
      c40 = v.fma(b0, c40);
      c41 = v.fma(b1, c41);
      at += ROW;
      from += aNext;
      b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      b1 = FloatVector.fromMemorySegment(S, SPACE, at + STEP, ORDER);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
      c10 = v.fma(b0, c10);
      c11 = v.fma(b1, c11);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 2 * aStep));
      c20 = v.fma(b0, c20);
      c21 = v.fma(b1, c21);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 3 * aStep));
      c30 = v.fma(b0, c30);
      c31 = v.fma(b1, c31);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 4 * aStep));
      c40 = v.fma(b0, c40);
      c41 = v.fma(b1, c41);
      a += 2 * aColumn;
      b += 2 * ROW;
    }
    NOTHING.add(c00).intoMemorySegment(SPACE, c, ORDER);
    NOTHING.add(c01).intoMemorySegment(SPACE, c + STEP, ORDER);
    NOTHING.add(c10).intoMemorySegment(SPACE, c + cRow, ORDER);
    NOTHING.add(c11).intoMemorySegment(SPACE, c + cRow + STEP, ORDER);
    NOTHING.add(c20).intoMemorySegment(SPACE, c + 2 * cRow, ORDER);
    NOTHING.add(c21).intoMemorySegment(SPACE, c + 2 * cRow + STEP, ORDER);
    NOTHING.add(c30).intoMemorySegment(SPACE, c + 3 * cRow, ORDER);
    NOTHING.add(c31).intoMemorySegment(SPACE, c + 3 * cRow + STEP, ORDER);
    NOTHING.add(c40).intoMemorySegment(SPACE, c + 4 * cRow, ORDER);
    NOTHING.add(c41).intoMemorySegment(SPACE, c + 4 * cRow + STEP, ORDER);
  }
}
