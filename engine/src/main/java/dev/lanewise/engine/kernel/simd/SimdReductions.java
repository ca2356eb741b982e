package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums of arrays and of rows. Lanes are different elements, so that each sum stays one chain. */
final class SimdReductions {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdReductions() {}

  static void add(int rows, int columns, long x, long xRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long xRow = x + i * xRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        sum = sum.add(FloatVector.fromMemorySegment(S, SPACE, xRow + j, ORDER));
        sum.intoMemorySegment(SPACE, yRow + j, ORDER);
      }
    }
  }

  static void multiply(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long z,
      long zRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long xRow = x + i * xRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      long zRow = z + i * zRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector product = FloatVector.fromMemorySegment(S, SPACE, xRow + j, ORDER);
        product = product.mul(FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER));
        product.intoMemorySegment(SPACE, zRow + j, ORDER);
      }
    }
  }

  static void multiplyAdd(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long z,
      long zRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long xRow = x + i * xRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      long zRow = z + i * zRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector factor = FloatVector.fromMemorySegment(S, SPACE, xRow + j, ORDER);
        FloatVector other = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, zRow + j, ORDER);
        factor.fma(other, sum).intoMemorySegment(SPACE, zRow + j, ORDER);
      }
    }
  }

  /** Four chains at a time, since each waits for its own last addition; then one at a time. */
  static void columnSums(int rows, int columns, long x, long rowStride, long sums) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    long stride = rowStride * Float.BYTES;
    long j = 0;
    for (; j + 4 * STEP <= length; j += 4 * STEP) {
      fourColumnSums(rows, x + j, stride, sums + j);
    }
    for (; j < length; j += STEP) {
      long at = x + j;
      FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, sums + j, ORDER);
      for (int i = 0; i < rows; i++) {
        sum = sum.add(FloatVector.fromMemorySegment(S, SPACE, at, ORDER));
        at += stride;
      }
      sum.intoMemorySegment(SPACE, sums + j, ORDER);
    }
  }

  private static void fourColumnSums(int rows, long x, long stride, long sums) {
    FloatVector s0 = FloatVector.fromMemorySegment(S, SPACE, sums, ORDER);
    FloatVector s1 = FloatVector.fromMemorySegment(S, SPACE, sums + STEP, ORDER);
    FloatVector s2 = FloatVector.fromMemorySegment(S, SPACE, sums + 2 * STEP, ORDER);
    FloatVector s3 = FloatVector.fromMemorySegment(S, SPACE, sums + 3 * STEP, ORDER);
    long at = x;
    for (int i = 0; i < rows; i++) {
      s0 = s0.add(FloatVector.fromMemorySegment(S, SPACE, at, ORDER));
      s1 = s1.add(FloatVector.fromMemorySegment(S, SPACE, at + STEP, ORDER));
      s2 = s2.add(FloatVector.fromMemorySegment(S, SPACE, at + 2 * STEP, ORDER));
      s3 = s3.add(FloatVector.fromMemorySegment(S, SPACE, at + 3 * STEP, ORDER));
      at += stride;
    }
    s0.intoMemorySegment(SPACE, sums, ORDER);
    s1.intoMemorySegment(SPACE, sums + STEP, ORDER);
    s2.intoMemorySegment(SPACE, sums + 2 * STEP, ORDER);
    s3.intoMemorySegment(SPACE, sums + 3 * STEP, ORDER);
  }

  static void sumInto(long count, int terms, long x, long stride) {
    long end = x + count * Float.BYTES;
    long step = stride * Float.BYTES;
    for (long i = x; i < end; i += STEP) {
      FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, i, ORDER);
      long at = i;
      for (int t = 1; t < terms; t++) {
        at += step;
        sum = sum.add(FloatVector.fromMemorySegment(S, SPACE, at, ORDER));
      }
      sum.intoMemorySegment(SPACE, i, ORDER);
    }
  }
}
