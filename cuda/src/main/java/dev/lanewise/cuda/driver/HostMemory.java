package dev.lanewise.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;

/** Pinned host memory. The device may still be reading it: {@link Transfers} waits before reuse. */
public final class HostMemory {
  private final Pointer pointer;
  private final MemorySegment segment;

  HostMemory(Pointer pointer, int bytes) {
    this.pointer = pointer;
    segment = MemorySegment.ofBuffer(pointer.getByteBuffer(0, bytes));
  }

  Pointer pointer() {
    return pointer;
  }

  /** Returns the memory; no access is checked against the device's. */
  MemorySegment segment() {
    return segment;
  }
}
