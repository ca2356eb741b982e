package dev.lanewise.engine.kernel.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.engine.tensor.AddressSpace;
import java.lang.foreign.MemorySegment;

/** One float at a time. */
final class Elements {
  private static final MemorySegment SPACE = AddressSpace.SPACE;

  private Elements() {}

  static long at(long address, long elements) {
    return address + elements * Float.BYTES;
  }

  static float get(long address) {
    return SPACE.get(JAVA_FLOAT, address);
  }

  static void set(long address, float value) {
    SPACE.set(JAVA_FLOAT, address, value);
  }
}
