package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.ElementKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.Murmur;
import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** See {@link ElementKernels#dropout}: a hash of each element's place, no state. */
final class SimdDropout {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> I = Lanes.INTEGERS;
  private static final ByteOrder ORDER = Lanes.ORDER;

  private SimdDropout() {}

  static void run(int columns, int key, int threshold, float scale, long x, long y) {
    int padded = Kernels.padded(columns);
    IntVector places = IntVector.zero(I).addIndex(1).mul(Murmur.GAMMA);
    for (int j = 0; j < padded; j += Lanes.COUNT) {
      IntVector h = places.add(key + j * Murmur.GAMMA);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, Murmur.SHIFT_1));
      h = h.mul(Murmur.FACTOR_1);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, Murmur.SHIFT_2));
      h = h.mul(Murmur.FACTOR_2);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, Murmur.SHIFT_1));
      h = h.lanewise(VectorOperators.LSHR, Murmur.UNUSED_BITS);
      VectorMask<Float> dropped = h.compare(VectorOperators.LT, threshold).cast(S);
      long at = (long) j * Float.BYTES;
      FloatVector v = FloatVector.fromMemorySegment(S, SPACE, x + at, ORDER).mul(scale);
      v.blend(0f, dropped).intoMemorySegment(SPACE, y + at, ORDER);
    }
  }
}
