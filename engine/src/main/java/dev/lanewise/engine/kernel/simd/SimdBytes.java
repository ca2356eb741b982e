package dev.lanewise.engine.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Pixels to floats. The last vector overlaps the one before it, so that no mask is needed. */
final class SimdBytes {
  private static final MemorySegment SPACE = AddressSpace.SPACE;
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, S.vectorShape());

  /** As many bytes as a vector has floats, or twice that: no vector has fewer than 64 bits. */
  private static final VectorSpecies<Byte> BYTES =
      Lanes.COUNT > 8 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private static final int BLOCK = BYTES.length();
  private static final float WHITE = 255f;

  private SimdBytes() {}

  static void scale(int count, byte[] source, int from, long target) {
    if (count < BLOCK) {
      for (int i = 0; i < count; i++) {
        float value = (source[from + i] & 0xFF) / WHITE;
        SPACE.set(JAVA_FLOAT_UNALIGNED, target + (long) i * Float.BYTES, value);
      }
      return;
    }
    int last = count - BLOCK;
    for (int i = 0; i < last; i += BLOCK) {
      block(source, from + i, target + (long) i * Float.BYTES);
    }
    block(source, from + last, target + (long) last * Float.BYTES);
  }

  private static void block(byte[] source, int from, long target) {
    ByteVector bytes = ByteVector.fromArray(BYTES, source, from);
    floats(bytes, 0).intoMemorySegment(SPACE, target, Lanes.ORDER);
    if (Lanes.COUNT < BLOCK) {
      floats(bytes, 1).intoMemorySegment(SPACE, target + Lanes.BYTES, Lanes.ORDER);
    }
  }

  private static FloatVector floats(ByteVector bytes, int part) {
    IntVector ints = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
    return ((FloatVector) ints.convertShape(VectorOperators.I2F, S, 0)).div(WHITE);
  }
}
