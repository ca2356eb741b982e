package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.ElementKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** See {@link ElementKernels#maximum} and {@link ElementKernels#addWhereEqual}. */
final class SimdMaxima {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  private SimdMaxima() {}

  /** What is NaN differs from itself. */
  static void maximum(
      int rows,
      int columns,
      float place,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long places,
      long placesRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long xRow = x + i * xRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      long placesRow = places + i * placesRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector value = FloatVector.fromMemorySegment(S, SPACE, xRow + j, ORDER);
        FloatVector largest = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector at = FloatVector.fromMemorySegment(S, SPACE, placesRow + j, ORDER);
        VectorMask<Float> larger =
            value.compare(VectorOperators.GT, largest).or(value.compare(VectorOperators.NE, value));
        largest.blend(value, larger).intoMemorySegment(SPACE, yRow + j, ORDER);
        at.blend(place, larger).intoMemorySegment(SPACE, placesRow + j, ORDER);
      }
    }
  }

  static void addWhereEqual(
      int rows,
      int columns,
      long x,
      long xRowStride,
      long y,
      long yRowStride,
      long d,
      long dRowStride,
      long z,
      long zRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long xRow = x + i * xRowStride * Float.BYTES;
      long yRow = y + i * yRowStride * Float.BYTES;
      long dRow = d + i * dRowStride * Float.BYTES;
      long zRow = z + i * zRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector value = FloatVector.fromMemorySegment(S, SPACE, xRow + j, ORDER);
        FloatVector other = FloatVector.fromMemorySegment(S, SPACE, yRow + j, ORDER);
        FloatVector added = FloatVector.fromMemorySegment(S, SPACE, dRow + j, ORDER);
        FloatVector sum = FloatVector.fromMemorySegment(S, SPACE, zRow + j, ORDER);
        sum = sum.blend(sum.add(added), value.compare(VectorOperators.EQ, other));
        sum.intoMemorySegment(SPACE, zRow + j, ORDER);
      }
    }
  }
}
