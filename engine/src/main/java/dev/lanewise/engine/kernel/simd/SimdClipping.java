package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** What bringing gradients under a limit takes. */
final class SimdClipping {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdClipping() {}

  /**
   * Plain on purpose: four chains hide the addition's latency, and the founding network's 28,000
   * weights take about 7 us of a batch's milliseconds.
   */
  static double sumOfSquares(int count, long x) {
    double c0 = 0;
    double c1 = 0;
    double c2 = 0;
    double c3 = 0;
    int j = 0;
    for (; j + 4 <= count; j += 4) {
      long at = x + (long) j * Float.BYTES;
      c0 += square(at);
      c1 += square(at + Float.BYTES);
      c2 += square(at + 2 * Float.BYTES);
      c3 += square(at + 3 * Float.BYTES);
    }
    long rest = x + (long) j * Float.BYTES;
    if (j < count) {
      c0 += square(rest);
    }
    if (j + 1 < count) {
      c1 += square(rest + Float.BYTES);
    }
    if (j + 2 < count) {
      c2 += square(rest + 2 * Float.BYTES);
    }
    return (c0 + c1) + (c2 + c3);
  }

  private static double square(long address) {
    double value = SPACE.get(ValueLayout.JAVA_FLOAT, address);
    return value * value;
  }

  static void multiply(long count, long x, float factor) {
    long end = x + count * Float.BYTES;
    FloatVector factors = FloatVector.broadcast(S, factor);
    for (long i = x; i < end; i += STEP) {
      FloatVector.fromMemorySegment(S, SPACE, i, ORDER)
          .mul(factors)
          .intoMemorySegment(SPACE, i, ORDER);
    }
  }

  static void squareRoots(long count, long x) {
    long end = x + count * Float.BYTES;
    for (long i = x; i < end; i += STEP) {
      FloatVector.fromMemorySegment(S, SPACE, i, ORDER).sqrt().intoMemorySegment(SPACE, i, ORDER);
    }
  }

  static void clip(long count, long x, float limit) {
    long end = x + count * Float.BYTES;
    FloatVector most = FloatVector.broadcast(S, limit);
    FloatVector least = FloatVector.broadcast(S, -limit);
    for (long i = x; i < end; i += STEP) {
      FloatVector.fromMemorySegment(S, SPACE, i, ORDER)
          .min(most)
          .max(least)
          .intoMemorySegment(SPACE, i, ORDER);
    }
  }
}
