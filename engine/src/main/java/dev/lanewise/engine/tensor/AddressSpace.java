package dev.lanewise.engine.tensor;

import dev.lanewise.engine.property.JvmProperties;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The one segment that kernels access, as a constant: the JIT then knows its exact type, and a
 * kernel's speed cannot be spoilt by what other code of the process does with other kinds of
 * segments: a segment that comes as a parameter gets its type from a profile that all share.
 *
 * <p>By default it spans all addresses, so that an offset is an address and memory comes from, and
 * goes back to, the system as arenas open and close. The price is that a wrong address would kill
 * the process, and so kernels are called through {@code CheckedKernels} alone, which proves ranges
 * and liveness. With {@code -Dlanewise.memory=bounded} it is a real segment of {@code
 * -Dlanewise.memory.bytes} (default 512 MiB, zeroed at start) in which every access is
 * bounds-checked by the JVM; the test suite runs on both.
 */
public final class AddressSpace {
  /** Whether every access is checked against a real segment's bounds. */
  public static final boolean BOUNDED = JvmProperties.get().bounded();

  /** What kernels read and write; offsets are {@code long} bytes. */
  public static final MemorySegment SPACE = BOUNDED ? bounded() : everything();

  private AddressSpace() {}

  private static MemorySegment bounded() {
    return Arena.global().allocate(JvmProperties.get().boundedBytes(), TensorArena.ALIGNMENT);
  }

  @SuppressWarnings("restricted") // the one place; see the class comment for what guards it
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
