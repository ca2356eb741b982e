package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * dY = dY * f'(Y), one loop for each f: a loop that took f as an argument would be compiled for
 * whichever came first, and box its vectors for the next.
 */
final class SimdDerivatives {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdDerivatives() {}

  static void relu(int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = zero.blend(d, v.compare(VectorOperators.GT, 0f));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void tanh(int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.mul(v.neg().fma(v, one));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }

  static void sigmoid(int rows, int columns, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.mul(v.mul(one.sub(v)));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }
}
