package dev.lanewise.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies between Java's arrays and the device through two pinned buffers that take turns: while the
 * device copies from one, the next part is put into the other.
 */
public final class Transfers {
  private static final int CHUNK = 1 << 20;

  private final Device device;
  private final HostMemory[] buffers = new HostMemory[2];
  private final DeviceEvent[] taken = new DeviceEvent[2];
  private int turn;

  /** Takes the buffers. */
  public Transfers(Device device) {
    this.device = device;
    for (int i = 0; i < 2; i++) {
      buffers[i] = device.pin(CHUNK);
      taken[i] = new DeviceEvent(device);
    }
  }

  /** Copies bytes in the stream's order; the array may be changed at once. */
  public void copyIn(long to, byte[] from) {
    copyIn(to, MemorySegment.ofArray(from));
  }

  /** Copies floats in the stream's order; the array may be changed at once. */
  public void copyIn(long to, float[] from) {
    copyIn(to, MemorySegment.ofArray(from));
  }

  /** Copies integers in the stream's order; the array may be changed at once. */
  public void copyIn(long to, int[] from) {
    copyIn(to, MemorySegment.ofArray(from));
  }

  /** Copies memory in the stream's order; it may be changed at once. */
  public void copyIn(long to, MemorySegment from) {
    for (long at = 0; at < from.byteSize(); at += CHUNK) {
      long size = Math.min(CHUNK, from.byteSize() - at);
      taken[turn].await();
      MemorySegment.copy(from, at, buffers[turn].segment(), 0, size);
      device.copyIn(to + at, buffers[turn], 0, size);
      taken[turn].record();
      turn = 1 - turn;
    }
  }

  /** Copies floats from the device and waits for them. */
  public float[] copyOut(long from, int count) {
    float[] to = new float[count];
    copyOut(from, to, 0, count);
    return to;
  }

  /** Copies floats from the device to {@code to[first]} and on, and waits for them. */
  public void copyOut(long from, float[] to, int first, int count) {
    int most = CHUNK / Float.BYTES;
    for (int at = 0; at < count; at += most) {
      int size = Math.min(most, count - at);
      taken[turn].await();
      device.copyOut(buffers[turn], from + (long) at * Float.BYTES, (long) size * Float.BYTES);
      device.synchronize();
      MemorySegment.copy(buffers[turn].segment(), ValueLayout.JAVA_FLOAT, 0, to, first + at, size);
    }
  }
}
