package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.ElementKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** See {@link ElementKernels#leakyRelu}. */
final class SimdLeakyRelu {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdLeakyRelu() {}

  static void run(int rows, int columns, float slope, long x, long rowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * rowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, row + j, ORDER);
        v = v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0f));
        v.intoMemorySegment(SPACE, row + j, ORDER);
      }
    }
  }

  static void derivative(
      int rows, int columns, float slope, long dy, long dyRowStride, long y, long yRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long dyRow = dy + i * dyRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector v = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dyRow + j, ORDER);
        d = d.mul(slope).blend(d, v.compare(VectorOperators.GT, 0f));
        d.intoMemorySegment(SPACE, dyRow + j, ORDER);
      }
    }
  }
}
