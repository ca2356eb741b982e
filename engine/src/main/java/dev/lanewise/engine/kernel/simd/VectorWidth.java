package dev.lanewise.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** Decides how wide vectors are, in a class of its own so that a refusal is a plain exception. */
final class VectorWidth {
  private static final String PROPERTY = "lanewise.vectorBits";
  private static final int NARROWEST = 128;
  private static final int WIDEST = 512; // columns are padded to this and no further

  private VectorWidth() {}

  /**
   * Returns the bits of a vector: what the machine prefers, at most 512, or {@code
   * -Dlanewise.vectorBits}. A width that the machine lacks would run, on boxed objects and hundreds
   * of times slower, so it is refused.
   *
   * @throws UnsupportedOperationException if the machine's vectors are narrower than asked for
   * @throws IllegalArgumentException if the property is not 128, 256 or 512
   */
  static int bits() {
    return bits(System.getProperty(PROPERTY), FloatVector.SPECIES_PREFERRED.vectorBitSize());
  }

  static int bits(@Nullable String forced, int machine) {
    if (forced == null) {
      if (machine < NARROWEST) {
        throw new UnsupportedOperationException(
            "this machine's vectors have "
                + machine
                + " bits, 128 are needed; run with"
                + " -Dlanewise.kernels=scalar");
      }
      return Math.min(Integer.highestOneBit(machine), WIDEST);
    }
    int bits =
        switch (forced) {
          case "128" -> 128;
          case "256" -> 256;
          case "512" -> 512;
          default ->
              throw new IllegalArgumentException(
                  PROPERTY + " must be 128, 256 or 512, found " + forced);
        };
    if (bits > machine) {
      throw new UnsupportedOperationException(
          PROPERTY + "=" + bits + ": this machine's vectors have " + machine + " bits");
    }
    return bits;
  }
}
