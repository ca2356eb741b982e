package dev.lanewise.cuda.driver;

import org.jspecify.annotations.Nullable;

/**
 * Hands out device memory, or counts what would be handed out: a plan's buffers are described by
 * one piece of code, which runs twice, so that a model that does not fit is refused before anything
 * is allocated.
 */
public final class DeviceArena {
  private static final long ALIGNMENT = 256; // what the driver's own allocations have

  private final @Nullable Device device;
  private long bytes;

  private DeviceArena(@Nullable Device device) {
    this.device = device;
  }

  /** Returns an arena that counts; its addresses mean nothing, but that something is there. */
  public static DeviceArena counting() {
    return new DeviceArena(null);
  }

  /** Returns an arena that allocates. */
  public static DeviceArena on(Device device) {
    return new DeviceArena(device);
  }

  /** Returns the bytes that were handed out. */
  public long bytes() {
    return bytes;
  }

  /**
   * Returns the address of memory for 32-bit values, of undefined content.
   *
   * @param what what it is for, for messages
   * @param count how many values
   * @throws dev.lanewise.engine.tensor.InsufficientMemoryException if there is not enough
   */
  public long allocate(String what, long count) {
    long size = Math.multiplyExact(Math.max(count, 1), Float.BYTES);
    bytes = Math.addExact(bytes, Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT);
    if (device == null) {
      return ALIGNMENT;
    }
    return device.allocate(what, size).address();
  }

  /** Returns the address of memory for values that begin as 0. */
  public long zeros(String what, long count) {
    long address = allocate(what, count);
    if (device != null) {
      device.clear(address, count);
    }
    return address;
  }

  /** Returns the address of a few values that do not change. */
  public long constants(String what, float[] values) {
    long address = allocate(what, values.length);
    for (int i = 0; device != null && i < values.length; i++) {
      device.fill(address + (long) i * Float.BYTES, 1, values[i]);
    }
    return address;
  }
}
