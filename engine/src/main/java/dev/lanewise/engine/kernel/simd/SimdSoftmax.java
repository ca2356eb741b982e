package dev.lanewise.engine.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax by rows: exponentials and divisions by vectors, maximum and sum by elements, whose chains
 * ascend. Rows are classes, of which there are few, so the chains are short.
 */
final class SimdSoftmax {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdSoftmax() {}

  static void run(
      int rows, int columns, long x, long xRowStride, long y, long yRowStride, long maxAndSum) {
    long end = (long) columns * Float.BYTES;
    long paddedEnd = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long yRow = y + i * yRowStride * Float.BYTES;
      long pair = maxAndSum + 2L * i * Float.BYTES;
      float max = subtractMax(x + i * xRowStride * Float.BYTES, yRow, end);
      fill(yRow + end, yRow + paddedEnd, 0f); // behind X's columns may be anything
      SimdActivations.exp(yRow, paddedEnd);
      float sum = sum(yRow, end);
      divide(yRow, paddedEnd, sum);
      fill(yRow + end, yRow + paddedEnd, 0f);
      SPACE.set(JAVA_FLOAT, pair, max);
      SPACE.set(JAVA_FLOAT, pair + Float.BYTES, sum);
    }
  }

  /** The largest of several is the same in any order. */
  private static float subtractMax(long x, long y, long length) {
    long vectors = length - length % STEP;
    float max = SPACE.get(JAVA_FLOAT, x);
    if (vectors > 0) {
      FloatVector largest = FloatVector.fromMemorySegment(S, SPACE, x, ORDER);
      for (long j = STEP; j < vectors; j += STEP) {
        largest = largest.max(FloatVector.fromMemorySegment(S, SPACE, x + j, ORDER));
      }
      max = largest.reduceLanes(VectorOperators.MAX);
    }
    for (long j = vectors; j < length; j += Float.BYTES) {
      max = Math.max(max, SPACE.get(JAVA_FLOAT, x + j));
    }
    for (long j = 0; j < vectors; j += STEP) {
      FloatVector v = FloatVector.fromMemorySegment(S, SPACE, x + j, ORDER);
      v.sub(max).intoMemorySegment(SPACE, y + j, ORDER);
    }
    for (long j = vectors; j < length; j += Float.BYTES) {
      SPACE.set(JAVA_FLOAT, y + j, SPACE.get(JAVA_FLOAT, x + j) - max);
    }
    return max;
  }

  private static float sum(long y, long length) {
    double sum = 0;
    for (long j = 0; j < length; j += Float.BYTES) {
      sum += SPACE.get(JAVA_FLOAT, y + j);
    }
    return (float) sum;
  }

  private static void divide(long y, long length, float divisor) {
    for (long j = 0; j < length; j += STEP) {
      FloatVector v = FloatVector.fromMemorySegment(S, SPACE, y + j, ORDER);
      v.div(divisor).intoMemorySegment(SPACE, y + j, ORDER);
    }
  }

  private static void fill(long from, long to, float value) {
    for (long j = from; j < to; j += Float.BYTES) {
      SPACE.set(JAVA_FLOAT, j, value);
    }
  }
}
