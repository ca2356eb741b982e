package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.property.JvmProperties;
import jdk.incubator.vector.FloatVector;

/** Decides how wide vectors are, in a class of its own so that a refusal is a plain exception. */
final class VectorWidth {
  private static final int NARROWEST = 128;
  private static final int WIDEST = 512; // columns are padded to this and no further

  private VectorWidth() {}

  /**
   * Returns the bits of a vector: what the machine prefers, at most 512, or {@code
   * -Dlanewise.vectorBits}. A width that the machine lacks would run, on boxed objects and hundreds
   * of times slower, so it is refused.
   *
   * @throws UnsupportedOperationException if the machine's vectors are narrower than asked for
   * @throws IllegalArgumentException if a property of the JVM has no meaning
   */
  static int bits() {
    return bits(JvmProperties.get().vectorBits(), FloatVector.SPECIES_PREFERRED.vectorBitSize());
  }

  /** Decides; {@code bits} is 0 where none are forced. */
  static int bits(int bits, int machine) {
    if (bits == 0) {
      if (machine < NARROWEST) {
        throw new UnsupportedOperationException(
            "this machine's vectors have "
                + machine
                + " bits, 128 are needed; run with"
                + " -Dlanewise.kernels=scalar");
      }
      return Math.min(Integer.highestOneBit(machine), WIDEST);
    }
    if (bits > machine) {
      throw new UnsupportedOperationException(
          JvmProperties.VECTOR_BITS
              + "="
              + bits
              + ": this machine's vectors have "
              + machine
              + " bits");
    }
    return bits;
  }
}
