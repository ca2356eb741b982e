package dev.lanewise.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Deals out blocks of the bounded {@link AddressSpace}: first fit, neighbours merged on return. A
 * line of NaN lies behind every block, so that a kernel that reads past its tensor shows in
 * results, and is checked on return, so that one that writes past it shows there.
 */
final class BoundedPool {
  private static final long GUARD_BYTES = TensorArena.ALIGNMENT;
  private static final byte GUARD = (byte) 0xFF; // four of them are a NaN
  private static final TreeMap<Long, Long> FREE = new TreeMap<>();

  static {
    FREE.put(0L, AddressSpace.SPACE.byteSize());
  }

  private BoundedPool() {}

  /** A range of the pool. */
  record Block(long offset, MemorySegment segment) {}

  /** Returns a zero-filled block of {@code bytes}, a multiple of the alignment. */
  static synchronized Block take(long bytes) {
    long needed = bytes + GUARD_BYTES;
    Map.Entry<Long, Long> fit = firstFit(needed);
    if (fit == null) {
      throw new InsufficientMemoryException(
          "no block of "
              + bytes
              + " bytes is free in the bounded memory of "
              + AddressSpace.SPACE.byteSize()
              + " bytes; raise -Dlanewise.memory.bytes");
    }
    long offset = fit.getKey();
    long left = fit.getValue() - needed;
    FREE.remove(offset);
    if (left > 0) {
      FREE.put(offset + needed, left);
    }
    AddressSpace.SPACE.asSlice(offset + bytes, GUARD_BYTES).fill(GUARD);
    return new Block(offset, AddressSpace.SPACE.asSlice(offset, bytes).fill((byte) 0));
  }

  private static Map.@Nullable Entry<Long, Long> firstFit(long needed) {
    for (Map.Entry<Long, Long> range : FREE.entrySet()) {
      if (range.getValue() >= needed) {
        return range;
      }
    }
    return null;
  }

  static synchronized void giveBack(Block block) {
    long bytes = block.segment().byteSize();
    MemorySegment guard = AddressSpace.SPACE.asSlice(block.offset() + bytes, GUARD_BYTES);
    for (long i = 0; i < GUARD_BYTES; i++) {
      if (guard.get(ValueLayout.JAVA_BYTE, i) != GUARD) {
        throw new IllegalStateException(
            "a kernel wrote past the end of a block of " + bytes + " bytes");
      }
    }
    long offset = block.offset();
    long length = bytes + GUARD_BYTES;
    Long next = FREE.remove(offset + length);
    if (next != null) {
      length += next;
    }
    var before = FREE.lowerEntry(offset);
    if (before != null && before.getKey() + before.getValue() == offset) {
      offset = before.getKey();
      length += before.getValue();
    }
    FREE.put(offset, length);
  }
}
