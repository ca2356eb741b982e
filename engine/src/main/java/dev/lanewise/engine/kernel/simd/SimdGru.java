package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.GruKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link GruKernels} on vectors. */
final class SimdGru implements GruKernels {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final long STEP = Lanes.BYTES;

  @Override
  public void state(
      int rows,
      int columns,
      long z,
      long candidate,
      long gatesRowStride,
      long previous,
      long previousRowStride,
      long h,
      long hRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    for (int r = 0; r < rows; r++) {
      long row = r * gatesRowStride * Float.BYTES;
      long previousRow = previous + r * previousRowStride * Float.BYTES;
      long hRow = h + r * hRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector gate = FloatVector.fromMemorySegment(S, SPACE, z + row + j, ORDER);
        FloatVector fresh = FloatVector.fromMemorySegment(S, SPACE, candidate + row + j, ORDER);
        FloatVector before = FloatVector.fromMemorySegment(S, SPACE, previousRow + j, ORDER);
        gate.fma(before.sub(fresh), fresh).intoMemorySegment(SPACE, hRow + j, ORDER);
      }
    }
  }

  @Override
  public void gradient(
      int rows,
      int columns,
      long dh,
      long dhRowStride,
      long upstream,
      long upstreamRowStride,
      long later,
      long laterRowStride,
      long z,
      long candidate,
      long gatesRowStride,
      long previous,
      long previousRowStride,
      long dz,
      long dCandidate,
      long dRowStride) {
    long length = (long) Kernels.padded(columns) * Float.BYTES;
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int r = 0; r < rows; r++) {
      long dhRow = dh + r * dhRowStride * Float.BYTES;
      long upstreamRow = upstream + r * upstreamRowStride * Float.BYTES;
      long laterRow = later + r * laterRowStride * Float.BYTES;
      long row = r * gatesRowStride * Float.BYTES;
      long previousRow = previous + r * previousRowStride * Float.BYTES;
      long dRow = r * dRowStride * Float.BYTES;
      for (long j = 0; j < length; j += STEP) {
        FloatVector d = FloatVector.fromMemorySegment(S, SPACE, dhRow + j, ORDER);
        d = d.add(FloatVector.fromMemorySegment(S, SPACE, upstreamRow + j, ORDER));
        d = d.add(FloatVector.fromMemorySegment(S, SPACE, laterRow + j, ORDER));
        FloatVector gate = FloatVector.fromMemorySegment(S, SPACE, z + row + j, ORDER);
        FloatVector fresh = FloatVector.fromMemorySegment(S, SPACE, candidate + row + j, ORDER);
        FloatVector before = FloatVector.fromMemorySegment(S, SPACE, previousRow + j, ORDER);
        d.mul(one.sub(gate)).intoMemorySegment(SPACE, dCandidate + dRow + j, ORDER);
        d.mul(before.sub(fresh)).intoMemorySegment(SPACE, dz + dRow + j, ORDER);
        d.mul(gate).intoMemorySegment(SPACE, laterRow + j, ORDER);
      }
    }
  }
}
