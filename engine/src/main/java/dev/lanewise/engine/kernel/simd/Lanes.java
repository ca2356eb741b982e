package dev.lanewise.engine.kernel.simd;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector species of this JVM. A constant, as are the order and the sizes: with two species,
 * or one from a field that is not final, every operation is a call and boxes its result.
 *
 * <p>{@link VectorWidth#bits} has been called, and has thrown if it had to, before this class is
 * touched.
 */
final class Lanes {
  /** How floats are taken together. */
  static final VectorSpecies<Float> SPECIES =
      switch (VectorWidth.bits()) {
        case 128 -> FloatVector.SPECIES_128;
        case 256 -> FloatVector.SPECIES_256;
        default -> FloatVector.SPECIES_512;
      };

  /** How as many ints are. */
  static final VectorSpecies<Integer> INTEGERS = SPECIES.withLanes(int.class).check(int.class);

  /** Floats of a vector. */
  static final int COUNT = SPECIES.length();

  /** Bytes of a vector. */
  static final int BYTES = SPECIES.vectorByteSize();

  /** The machine's own; any other costs a shuffle of every vector. */
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** -0, which changes nothing that it is added to. */
  static final FloatVector NOTHING = FloatVector.broadcast(SPECIES, -0f);

  private Lanes() {}
}
