package dev.lanewise.engine.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A row times a matrix of {@link dev.lanewise.engine.kernel.Halves}: each vector of words that is
 * read is two of weights, by a shift and a mask. Up to four at a time, whose eight sums hide a
 * multiplication's latency; addresses and strides are in bytes.
 */
final class SimdHalves {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> I = Lanes.INTEGERS;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;
  private static final int BITS = 16;
  private static final int MASK = -1 << BITS;

  /** Vectors of 16 words. */
  private static final int GROUP = Kernels.LANES / Lanes.COUNT;

  /** From a column in the lower half of a word to the one in the upper half, in bytes. */
  private static final long UPPER = (long) Kernels.LANES * Float.BYTES;

  private static final int WIDEST = 4;

  private SimdHalves() {}

  /** See {@link Kernels#rowTimesHalves}. */
  static void run(int n, int k, long a, long b, long bRowStride, long s, long c) {
    int columns = Kernels.padded(n);
    int whole = columns / (2 * Kernels.LANES) * GROUP;
    long bRow = bRowStride * Integer.BYTES;
    int j = 0;
    while (j < whole) {
      int width = Math.ceilDiv(whole - j, Math.ceilDiv(whole - j, WIDEST));
      long from = b + j * STEP;
      switch (width) {
        case 4 -> four(k, a, from, bRow, s, c, at(j), at(j + 1), at(j + 2), at(j + 3));
        case 3 -> three(k, a, from, bRow, s, c, at(j), at(j + 1), at(j + 2));
        case 2 -> two(k, a, from, bRow, s, c, at(j), at(j + 1));
        default -> one(k, a, from, bRow, s, c, at(j));
      }
      j += width;
    }
    if (columns % (2 * Kernels.LANES) != 0) {
      for (int last = 0; last < GROUP; last++, j++) {
        lower(k, a, b + j * STEP, bRow, s + at(j), c + at(j));
      }
    }
  }

  /** Returns where the lower columns of a vector of words are, in bytes. */
  private static long at(int vector) {
    return vector / GROUP * (2 * UPPER) + vector % GROUP * STEP;
  }

  private static void four(
      int k, long a, long b, long bRow, long s, long c, long o0, long o1, long o2, long o3) {
    FloatVector low0 = FloatVector.fromMemorySegment(S, SPACE, s + o0, ORDER);
    FloatVector high0 = FloatVector.fromMemorySegment(S, SPACE, s + o0 + UPPER, ORDER);
    FloatVector low1 = FloatVector.fromMemorySegment(S, SPACE, s + o1, ORDER);
    FloatVector high1 = FloatVector.fromMemorySegment(S, SPACE, s + o1 + UPPER, ORDER);
    FloatVector low2 = FloatVector.fromMemorySegment(S, SPACE, s + o2, ORDER);
    FloatVector high2 = FloatVector.fromMemorySegment(S, SPACE, s + o2 + UPPER, ORDER);
    FloatVector low3 = FloatVector.fromMemorySegment(S, SPACE, s + o3, ORDER);
    FloatVector high3 = FloatVector.fromMemorySegment(S, SPACE, s + o3 + UPPER, ORDER);
    for (int p = 0; p < k; p++) {
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT, a));
      IntVector w0 = IntVector.fromMemorySegment(I, SPACE, b, ORDER);
      IntVector w1 = IntVector.fromMemorySegment(I, SPACE, b + STEP, ORDER);
      IntVector w2 = IntVector.fromMemorySegment(I, SPACE, b + 2 * STEP, ORDER);
      IntVector w3 = IntVector.fromMemorySegment(I, SPACE, b + 3 * STEP, ORDER);
      low0 = v.fma(w0.lanewise(LSHL, BITS).reinterpretAsFloats(), low0);
      high0 = v.fma(w0.and(MASK).reinterpretAsFloats(), high0);
      low1 = v.fma(w1.lanewise(LSHL, BITS).reinterpretAsFloats(), low1);
      high1 = v.fma(w1.and(MASK).reinterpretAsFloats(), high1);
      low2 = v.fma(w2.lanewise(LSHL, BITS).reinterpretAsFloats(), low2);
      high2 = v.fma(w2.and(MASK).reinterpretAsFloats(), high2);
      low3 = v.fma(w3.lanewise(LSHL, BITS).reinterpretAsFloats(), low3);
      high3 = v.fma(w3.and(MASK).reinterpretAsFloats(), high3);
      a += Float.BYTES;
      b += bRow;
    }
    low0.intoMemorySegment(SPACE, c + o0, ORDER);
    high0.intoMemorySegment(SPACE, c + o0 + UPPER, ORDER);
    low1.intoMemorySegment(SPACE, c + o1, ORDER);
    high1.intoMemorySegment(SPACE, c + o1 + UPPER, ORDER);
    low2.intoMemorySegment(SPACE, c + o2, ORDER);
    high2.intoMemorySegment(SPACE, c + o2 + UPPER, ORDER);
    low3.intoMemorySegment(SPACE, c + o3, ORDER);
    high3.intoMemorySegment(SPACE, c + o3 + UPPER, ORDER);
  }

  private static void three(
      int k, long a, long b, long bRow, long s, long c, long o0, long o1, long o2) {
    FloatVector low0 = FloatVector.fromMemorySegment(S, SPACE, s + o0, ORDER);
    FloatVector high0 = FloatVector.fromMemorySegment(S, SPACE, s + o0 + UPPER, ORDER);
    FloatVector low1 = FloatVector.fromMemorySegment(S, SPACE, s + o1, ORDER);
    FloatVector high1 = FloatVector.fromMemorySegment(S, SPACE, s + o1 + UPPER, ORDER);
    FloatVector low2 = FloatVector.fromMemorySegment(S, SPACE, s + o2, ORDER);
    FloatVector high2 = FloatVector.fromMemorySegment(S, SPACE, s + o2 + UPPER, ORDER);
    for (int p = 0; p < k; p++) {
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT, a));
      IntVector w0 = IntVector.fromMemorySegment(I, SPACE, b, ORDER);
      IntVector w1 = IntVector.fromMemorySegment(I, SPACE, b + STEP, ORDER);
      IntVector w2 = IntVector.fromMemorySegment(I, SPACE, b + 2 * STEP, ORDER);
      low0 = v.fma(w0.lanewise(LSHL, BITS).reinterpretAsFloats(), low0);
      high0 = v.fma(w0.and(MASK).reinterpretAsFloats(), high0);
      low1 = v.fma(w1.lanewise(LSHL, BITS).reinterpretAsFloats(), low1);
      high1 = v.fma(w1.and(MASK).reinterpretAsFloats(), high1);
      low2 = v.fma(w2.lanewise(LSHL, BITS).reinterpretAsFloats(), low2);
      high2 = v.fma(w2.and(MASK).reinterpretAsFloats(), high2);
      a += Float.BYTES;
      b += bRow;
    }
    low0.intoMemorySegment(SPACE, c + o0, ORDER);
    high0.intoMemorySegment(SPACE, c + o0 + UPPER, ORDER);
    low1.intoMemorySegment(SPACE, c + o1, ORDER);
    high1.intoMemorySegment(SPACE, c + o1 + UPPER, ORDER);
    low2.intoMemorySegment(SPACE, c + o2, ORDER);
    high2.intoMemorySegment(SPACE, c + o2 + UPPER, ORDER);
  }

  private static void two(int k, long a, long b, long bRow, long s, long c, long o0, long o1) {
    FloatVector low0 = FloatVector.fromMemorySegment(S, SPACE, s + o0, ORDER);
    FloatVector high0 = FloatVector.fromMemorySegment(S, SPACE, s + o0 + UPPER, ORDER);
    FloatVector low1 = FloatVector.fromMemorySegment(S, SPACE, s + o1, ORDER);
    FloatVector high1 = FloatVector.fromMemorySegment(S, SPACE, s + o1 + UPPER, ORDER);
    for (int p = 0; p < k; p++) {
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT, a));
      IntVector w0 = IntVector.fromMemorySegment(I, SPACE, b, ORDER);
      IntVector w1 = IntVector.fromMemorySegment(I, SPACE, b + STEP, ORDER);
      low0 = v.fma(w0.lanewise(LSHL, BITS).reinterpretAsFloats(), low0);
      high0 = v.fma(w0.and(MASK).reinterpretAsFloats(), high0);
      low1 = v.fma(w1.lanewise(LSHL, BITS).reinterpretAsFloats(), low1);
      high1 = v.fma(w1.and(MASK).reinterpretAsFloats(), high1);
      a += Float.BYTES;
      b += bRow;
    }
    low0.intoMemorySegment(SPACE, c + o0, ORDER);
    high0.intoMemorySegment(SPACE, c + o0 + UPPER, ORDER);
    low1.intoMemorySegment(SPACE, c + o1, ORDER);
    high1.intoMemorySegment(SPACE, c + o1 + UPPER, ORDER);
  }

  private static void one(int k, long a, long b, long bRow, long s, long c, long o0) {
    FloatVector low0 = FloatVector.fromMemorySegment(S, SPACE, s + o0, ORDER);
    FloatVector high0 = FloatVector.fromMemorySegment(S, SPACE, s + o0 + UPPER, ORDER);
    for (int p = 0; p < k; p++) {
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT, a));
      IntVector w0 = IntVector.fromMemorySegment(I, SPACE, b, ORDER);
      low0 = v.fma(w0.lanewise(LSHL, BITS).reinterpretAsFloats(), low0);
      high0 = v.fma(w0.and(MASK).reinterpretAsFloats(), high0);
      a += Float.BYTES;
      b += bRow;
    }
    low0.intoMemorySegment(SPACE, c + o0, ORDER);
    high0.intoMemorySegment(SPACE, c + o0 + UPPER, ORDER);
  }

  /** The last columns, where there are none for the upper halves. */
  private static void lower(int k, long a, long b, long bRow, long s, long c) {
    FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, s, ORDER);
    for (int p = 0; p < k; p++) {
      FloatVector v = FloatVector.broadcast(S, SPACE.get(JAVA_FLOAT, a));
      IntVector w = IntVector.fromMemorySegment(I, SPACE, b, ORDER);
      sum = v.fma(w.lanewise(LSHL, BITS).reinterpretAsFloats(), sum);
      a += Float.BYTES;
      b += bRow;
    }
    sum.intoMemorySegment(SPACE, c, ORDER);
  }
}
