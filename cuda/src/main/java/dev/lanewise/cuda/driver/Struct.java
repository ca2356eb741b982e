package dev.lanewise.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A C structure of addresses, integers and floats, in this order of fields and without gaps between
 * them: addresses come first, and the end is filled up to whole eights, as a compiler does.
 */
public final class Struct {
  private final ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
  private int alignment = Integer.BYTES;

  /** Creates an empty structure. */
  public Struct() {}

  /** Adds a device address, 0 for none, or another 64-bit number. */
  public Struct pointer(long address) {
    if (buffer.position() % Long.BYTES != 0) {
      throw new IllegalStateException("addresses come before other fields");
    }
    buffer.putLong(address);
    alignment = Long.BYTES;
    return this;
  }

  /** Adds a 32-bit integer. */
  public Struct integer(int value) {
    buffer.putInt(value);
    return this;
  }

  /** Adds a 32-bit float. */
  public Struct real(double value) {
    buffer.putFloat((float) value);
    return this;
  }

  /** Returns the structure as it lies in memory. */
  public byte[] toBytes() {
    byte[] bytes = new byte[Math.ceilDiv(buffer.position(), alignment) * alignment];
    buffer.duplicate().flip().get(bytes, 0, buffer.position());
    return bytes;
  }
}
