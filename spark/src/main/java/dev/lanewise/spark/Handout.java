package dev.lanewise.spark;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** Bytes that the first task hands to all others, as a row to which nobody adds. */
final class Handout implements AllReduce.Contribution {
  private final byte[] content;
  private final boolean first;

  private Handout(byte[] content, boolean first) {
    this.content = content;
    this.first = first;
  }

  /**
   * Returns what the first task has given; all tasks call it.
   *
   * @param mine the bytes to hand out; of other tasks than the first it means nothing
   */
  static byte[] of(AllReduce exchange, byte[] mine) {
    boolean first = exchange.rank() == 0;
    byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(mine.length).array();
    exchange.reduce(new Handout(length, first));
    byte[] content = first ? mine : new byte[ByteBuffer.wrap(length).getInt()];
    exchange.reduce(new Handout(content, first));
    return content;
  }

  @Override
  public long bytes() {
    return content.length;
  }

  @Override
  public void add(MemorySegment part, long from) {
    if (first) {
      int at = Math.toIntExact(from);
      int count = Math.toIntExact(part.byteSize());
      MemorySegment.copy(content, at, part, ValueLayout.JAVA_BYTE, 0, count);
    }
  }

  @Override
  public void take(MemorySegment part, long from) {
    int at = Math.toIntExact(from);
    MemorySegment.copy(
        part, ValueLayout.JAVA_BYTE, 0, content, at, Math.toIntExact(part.byteSize()));
  }
}
