package dev.lanewise.engine.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the GEMM, 4 vectors wide: {@code PanelSource} in the tests writes this file.
 *
 * <p>C = S + A * B, B in panels, for a few rows. Addresses and strides are in bytes.
 */
final class AbreastPanelOf4 {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;
  private static final long ADDRESS = (1L << 48) - 1;
  private static final long DISTANCE = GemmTiles.NEAR;

  private AbreastPanelOf4() {}

  /** Some rows of C: 5, 4, 2 or 1. */
  static void strip(
      int rows,
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long bRow,
      long bPanel,
      long s,
      long sRow,
      long c,
      long cRow) {
    switch (rows) {
      case 5 -> rows5(k, a, aRow, aColumn, b, bRow, bPanel, s, sRow, c, cRow);
      case 4 -> rows4(k, a, aRow, aColumn, b, bRow, bPanel, s, sRow, c, cRow);
      case 2 -> rows2(k, a, aRow, aColumn, b, bRow, bPanel, s, sRow, c, cRow);
      default -> rows1(k, a, aColumn, b, bRow, bPanel, s, c);
    }
  }

  /** Five rows of C, each from its row of S. */
  private static void rows5(
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long bRow,
      long bPanel,
      long s,
      long sRow,
      long c,
      long cRow) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c02 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * STEP, ORDER);
    FloatVector c03 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * STEP, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + STEP, ORDER);
    FloatVector c12 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + 2 * STEP, ORDER);
    FloatVector c13 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + 3 * STEP, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow, ORDER);
    FloatVector c21 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + STEP, ORDER);
    FloatVector c22 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + 2 * STEP, ORDER);
    FloatVector c23 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + 3 * STEP, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow, ORDER);
    FloatVector c31 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + STEP, ORDER);
    FloatVector c32 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + 2 * STEP, ORDER);
    FloatVector c33 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + 3 * STEP, ORDER);
    FloatVector c40 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow, ORDER);
    FloatVector c41 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow + STEP, ORDER);
    FloatVector c42 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow + 2 * STEP, ORDER);
    FloatVector c43 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow + 3 * STEP, ORDER);
    long aStep = aRow & DISTANCE;
    long panel = bPanel & DISTANCE;
    long end = b + k * bRow;
    while (b != end) {
      long at = b & ADDRESS;
      long from = a & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, SPACE, at + panel, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, SPACE, at + 2 * panel, ORDER);
      FloatVector b3 = FloatVector.fromMemorySegment(S, SPACE, at + 3 * panel, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      c02 = v.fma(b2, c02);
      c03 = v.fma(b3, c03);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
      c10 = v.fma(b0, c10);
      c11 = v.fma(b1, c11);
      c12 = v.fma(b2, c12);
      c13 = v.fma(b3, c13);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 2 * aStep));
      c20 = v.fma(b0, c20);
      c21 = v.fma(b1, c21);
      c22 = v.fma(b2, c22);
      c23 = v.fma(b3, c23);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 3 * aStep));
      c30 = v.fma(b0, c30);
      c31 = v.fma(b1, c31);
      c32 = v.fma(b2, c32);
      c33 = v.fma(b3, c33);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 4 * aStep));
      c40 = v.fma(b0, c40);
      c41 = v.fma(b1, c41);
      c42 = v.fma(b2, c42);
      c43 = v.fma(b3, c43);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
    c02.intoMemorySegment(SPACE, c + 2 * STEP, ORDER);
    c03.intoMemorySegment(SPACE, c + 3 * STEP, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
    c11.intoMemorySegment(SPACE, c + cRow + STEP, ORDER);
    c12.intoMemorySegment(SPACE, c + cRow + 2 * STEP, ORDER);
    c13.intoMemorySegment(SPACE, c + cRow + 3 * STEP, ORDER);
    c20.intoMemorySegment(SPACE, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(SPACE, c + 2 * cRow + STEP, ORDER);
    c22.intoMemorySegment(SPACE, c + 2 * cRow + 2 * STEP, ORDER);
    c23.intoMemorySegment(SPACE, c + 2 * cRow + 3 * STEP, ORDER);
    c30.intoMemorySegment(SPACE, c + 3 * cRow, ORDER);
    c31.intoMemorySegment(SPACE, c + 3 * cRow + STEP, ORDER);
    c32.intoMemorySegment(SPACE, c + 3 * cRow + 2 * STEP, ORDER);
    c33.intoMemorySegment(SPACE, c + 3 * cRow + 3 * STEP, ORDER);
    c40.intoMemorySegment(SPACE, c + 4 * cRow, ORDER);
    c41.intoMemorySegment(SPACE, c + 4 * cRow + STEP, ORDER);
    c42.intoMemorySegment(SPACE, c + 4 * cRow + 2 * STEP, ORDER);
    c43.intoMemorySegment(SPACE, c + 4 * cRow + 3 * STEP, ORDER);
  }

  /** Four rows of C, each from its row of S. */
  private static void rows4(
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long bRow,
      long bPanel,
      long s,
      long sRow,
      long c,
      long cRow) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c02 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * STEP, ORDER);
    FloatVector c03 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * STEP, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + STEP, ORDER);
    FloatVector c12 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + 2 * STEP, ORDER);
    FloatVector c13 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + 3 * STEP, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow, ORDER);
    FloatVector c21 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + STEP, ORDER);
    FloatVector c22 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + 2 * STEP, ORDER);
    FloatVector c23 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + 3 * STEP, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow, ORDER);
    FloatVector c31 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + STEP, ORDER);
    FloatVector c32 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + 2 * STEP, ORDER);
    FloatVector c33 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + 3 * STEP, ORDER);
    long aStep = aRow & DISTANCE;
    long panel = bPanel & DISTANCE;
    long end = b + k * bRow;
    while (b != end) {
      long at = b & ADDRESS;
      long from = a & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, SPACE, at + panel, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, SPACE, at + 2 * panel, ORDER);
      FloatVector b3 = FloatVector.fromMemorySegment(S, SPACE, at + 3 * panel, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      c02 = v.fma(b2, c02);
      c03 = v.fma(b3, c03);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
      c10 = v.fma(b0, c10);
      c11 = v.fma(b1, c11);
      c12 = v.fma(b2, c12);
      c13 = v.fma(b3, c13);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 2 * aStep));
      c20 = v.fma(b0, c20);
      c21 = v.fma(b1, c21);
      c22 = v.fma(b2, c22);
      c23 = v.fma(b3, c23);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 3 * aStep));
      c30 = v.fma(b0, c30);
      c31 = v.fma(b1, c31);
      c32 = v.fma(b2, c32);
      c33 = v.fma(b3, c33);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
    c02.intoMemorySegment(SPACE, c + 2 * STEP, ORDER);
    c03.intoMemorySegment(SPACE, c + 3 * STEP, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
    c11.intoMemorySegment(SPACE, c + cRow + STEP, ORDER);
    c12.intoMemorySegment(SPACE, c + cRow + 2 * STEP, ORDER);
    c13.intoMemorySegment(SPACE, c + cRow + 3 * STEP, ORDER);
    c20.intoMemorySegment(SPACE, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(SPACE, c + 2 * cRow + STEP, ORDER);
    c22.intoMemorySegment(SPACE, c + 2 * cRow + 2 * STEP, ORDER);
    c23.intoMemorySegment(SPACE, c + 2 * cRow + 3 * STEP, ORDER);
    c30.intoMemorySegment(SPACE, c + 3 * cRow, ORDER);
    c31.intoMemorySegment(SPACE, c + 3 * cRow + STEP, ORDER);
    c32.intoMemorySegment(SPACE, c + 3 * cRow + 2 * STEP, ORDER);
    c33.intoMemorySegment(SPACE, c + 3 * cRow + 3 * STEP, ORDER);
  }

  /** Two rows of C, each from its row of S. */
  private static void rows2(
      int k,
      long a,
      long aRow,
      long aColumn,
      long b,
      long bRow,
      long bPanel,
      long s,
      long sRow,
      long c,
      long cRow) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c02 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * STEP, ORDER);
    FloatVector c03 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * STEP, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + STEP, ORDER);
    FloatVector c12 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + 2 * STEP, ORDER);
    FloatVector c13 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + 3 * STEP, ORDER);
    long aStep = aRow & DISTANCE;
    long panel = bPanel & DISTANCE;
    long end = b + k * bRow;
    while (b != end) {
      long at = b & ADDRESS;
      long from = a & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, SPACE, at + panel, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, SPACE, at + 2 * panel, ORDER);
      FloatVector b3 = FloatVector.fromMemorySegment(S, SPACE, at + 3 * panel, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      c02 = v.fma(b2, c02);
      c03 = v.fma(b3, c03);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
      c10 = v.fma(b0, c10);
      c11 = v.fma(b1, c11);
      c12 = v.fma(b2, c12);
      c13 = v.fma(b3, c13);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
    c02.intoMemorySegment(SPACE, c + 2 * STEP, ORDER);
    c03.intoMemorySegment(SPACE, c + 3 * STEP, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
    c11.intoMemorySegment(SPACE, c + cRow + STEP, ORDER);
    c12.intoMemorySegment(SPACE, c + cRow + 2 * STEP, ORDER);
    c13.intoMemorySegment(SPACE, c + cRow + 3 * STEP, ORDER);
  }

  /** One row of C. */
  static void rows1(int k, long a, long aColumn, long b, long bRow, long bPanel, long s, long c) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c02 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * STEP, ORDER);
    FloatVector c03 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * STEP, ORDER);
    long panel = bPanel & DISTANCE;
    for (int p = 0; p < k; p++) {
      long at = b & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, SPACE, at + panel, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, SPACE, at + 2 * panel, ORDER);
      FloatVector b3 = FloatVector.fromMemorySegment(S, SPACE, at + 3 * panel, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, a));
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      c02 = v.fma(b2, c02);
      c03 = v.fma(b3, c03);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
    c02.intoMemorySegment(SPACE, c + 2 * STEP, ORDER);
    c03.intoMemorySegment(SPACE, c + 3 * STEP, ORDER);
  }
}
