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
 * <p>C = S + A * B for a few rows. Addresses and strides are in bytes.
 */
final class PanelOf2 {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;
  private static final long ADDRESS = (1L << 48) - 1;
  private static final long DISTANCE = GemmTiles.NEAR;
  private static final FloatVector NOTHING = Lanes.NOTHING;

  private PanelOf2() {}

  /** Some rows of C: 6, 5, 4, 2 or 1. */
  static void strip(
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
    switch (rows) {
      case 6 -> rows6(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      case 5 -> rows5(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      case 4 -> rows4(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      case 2 -> rows2(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      default -> rows1(k, a, aColumn, b, bRow, s, c);
    }
  }

  /** Six rows of C, each from its row of S. */
  private static void rows6(
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
    FloatVector c50 = FloatVector.fromMemorySegment(S, SPACE, s + 5 * sRow, ORDER);
    FloatVector c51 = FloatVector.fromMemorySegment(S, SPACE, s + 5 * sRow + STEP, ORDER);
    long aStep = aRow & DISTANCE;
    long end = b + k * bRow;
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
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 5 * aStep));
      c50 = v.fma(b0, c50);
      c51 = v.fma(b1, c51);
      a += aColumn;
      b += bRow;
    }
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
    c50.intoMemorySegment(SPACE, c + 5 * cRow, ORDER);
    c51.intoMemorySegment(SPACE, c + 5 * cRow + STEP, ORDER);
  }

  /** Five rows of C, each from its row of S. */
  private static void rows5(
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
    if ((k & 1) != 0) {
      term5(a, aRow, b, s, sRow, c, cRow);
      k--;
      a += aColumn;
      b += bRow;
      s = c;
      sRow = cRow;
    }
    pairs5(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
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
    long end = b + k * bRow;
    long aNext = aColumn & DISTANCE;
    long bNext = bRow & DISTANCE;
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
      at += bNext;
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
      b += 2 * bRow;
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

  /** Four rows of C, each from its row of S. */
  private static void rows4(
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
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + STEP, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow, ORDER);
    FloatVector c21 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow + STEP, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow, ORDER);
    FloatVector c31 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow + STEP, ORDER);
    long aStep = aRow & DISTANCE;
    long end = b + k * bRow;
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
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
    c11.intoMemorySegment(SPACE, c + cRow + STEP, ORDER);
    c20.intoMemorySegment(SPACE, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(SPACE, c + 2 * cRow + STEP, ORDER);
    c30.intoMemorySegment(SPACE, c + 3 * cRow, ORDER);
    c31.intoMemorySegment(SPACE, c + 3 * cRow + STEP, ORDER);
  }

  /** Two rows of C, each from its row of S. */
  private static void rows2(
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
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c11 = FloatVector.fromMemorySegment(S, SPACE, s + sRow + STEP, ORDER);
    long aStep = aRow & DISTANCE;
    long end = b + k * bRow;
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
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
    c11.intoMemorySegment(SPACE, c + cRow + STEP, ORDER);
  }

  /** One row of C. */
  static void rows1(int k, long a, long aColumn, long b, long bRow, long s, long c) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c01 = FloatVector.fromMemorySegment(S, SPACE, s + STEP, ORDER);
    for (int p = 0; p < k; p++) {
      long at = b & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, SPACE, at + STEP, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, a));
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c01.intoMemorySegment(SPACE, c + STEP, ORDER);
  }
}
