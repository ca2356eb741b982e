package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What penalties on weights need. */
final class SimdPenalties {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdPenalties() {}

  /** Plain: one chain has one order at any width. */
  static double sumOfMagnitudes(int count, long x) {
    double sum = 0;
    for (int j = 0; j < count; j++) {
      sum += Math.abs(SPACE.get(ValueLayout.JAVA_FLOAT, x + (long) j * Float.BYTES));
    }
    return sum;
  }

  static void penalize(long count, long w, long g, float l1, float slope) {
    long bytes = count * Float.BYTES;
    FloatVector zero = FloatVector.zero(S);
    FloatVector slopes = FloatVector.broadcast(S, slope);
    for (long i = 0; i < bytes; i += STEP) {
      FloatVector weight = FloatVector.fromMemorySegment(S, SPACE, w + i, ORDER);
      FloatVector gradient = FloatVector.fromMemorySegment(S, SPACE, g + i, ORDER);
      FloatVector sign = zero.blend(-l1, weight.compare(VectorOperators.LT, 0f));
      sign = sign.blend(l1, weight.compare(VectorOperators.GT, 0f));
      slopes.fma(weight, gradient).add(sign).intoMemorySegment(SPACE, g + i, ORDER);
    }
  }
}
