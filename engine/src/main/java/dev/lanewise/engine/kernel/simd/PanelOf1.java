package dev.lanewise.engine.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the GEMM, 1 vector wide: {@code PanelSource} in the tests writes this file.
 *
 * <p>C = S + A * B for a few rows. Addresses and strides are in bytes.
 */
final class PanelOf1 {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long ADDRESS = (1L << 48) - 1;
  private static final long DISTANCE = GemmTiles.NEAR;

  private PanelOf1() {}

  /** Some rows of C: 5, 4, 2 or 1. */
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
      case 5 -> rows5(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      case 4 -> rows4(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      case 2 -> rows2(k, a, aRow, aColumn, b, bRow, s, sRow, c, cRow);
      default -> rows1(k, a, aColumn, b, bRow, s, c);
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
      long s,
      long sRow,
      long c,
      long cRow) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow, ORDER);
    FloatVector c40 = FloatVector.fromMemorySegment(S, SPACE, s + 4 * sRow, ORDER);
    long aStep = aRow & DISTANCE;
    long end = b + k * bRow;
    while (b != end) {
      long at = b & ADDRESS;
      long from = a & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
      c10 = v.fma(b0, c10);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 2 * aStep));
      c20 = v.fma(b0, c20);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 3 * aStep));
      c30 = v.fma(b0, c30);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 4 * aStep));
      c40 = v.fma(b0, c40);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
    c20.intoMemorySegment(SPACE, c + 2 * cRow, ORDER);
    c30.intoMemorySegment(SPACE, c + 3 * cRow, ORDER);
    c40.intoMemorySegment(SPACE, c + 4 * cRow, ORDER);
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
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    FloatVector c20 = FloatVector.fromMemorySegment(S, SPACE, s + 2 * sRow, ORDER);
    FloatVector c30 = FloatVector.fromMemorySegment(S, SPACE, s + 3 * sRow, ORDER);
    long aStep = aRow & DISTANCE;
    long end = b + k * bRow;
    while (b != end) {
      long at = b & ADDRESS;
      long from = a & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
      c10 = v.fma(b0, c10);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 2 * aStep));
      c20 = v.fma(b0, c20);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + 3 * aStep));
      c30 = v.fma(b0, c30);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
    c20.intoMemorySegment(SPACE, c + 2 * cRow, ORDER);
    c30.intoMemorySegment(SPACE, c + 3 * cRow, ORDER);
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
    FloatVector c10 = FloatVector.fromMemorySegment(S, SPACE, s + sRow, ORDER);
    long aStep = aRow & DISTANCE;
    long end = b + k * bRow;
    while (b != end) {
      long at = b & ADDRESS;
      long from = a & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from));
      c00 = v.fma(b0, c00);
      v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, from + aStep));
      c10 = v.fma(b0, c10);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
    c10.intoMemorySegment(SPACE, c + cRow, ORDER);
  }

  /** One row of C. */
  static void rows1(int k, long a, long aColumn, long b, long bRow, long s, long c) {
    FloatVector c00 = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    for (int p = 0; p < k; p++) {
      long at = b & ADDRESS;
      FloatVector b0 = FloatVector.fromMemorySegment(S, SPACE, at, ORDER);
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT_UNALIGNED, a));
      c00 = v.fma(b0, c00);
      a += aColumn;
      b += bRow;
    }
    c00.intoMemorySegment(SPACE, c, ORDER);
  }
}
