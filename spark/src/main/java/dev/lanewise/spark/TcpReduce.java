package dev.lanewise.spark;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The exchange along a chain of connections: a row goes up it in parts, so that a task adds to one
 * while the one before works on the next, and then comes down whole. A task sends and gets the row
 * twice, however many there are.
 */
final class TcpReduce implements AllReduce {
  /** As much as goes from cache to cache; small rows are one part. */
  private static final int PART = 256 << 10;

  private final int rank;
  private final int tasks;
  private final @Nullable Link before;
  private final @Nullable Link behind;
  private MemorySegment room = MemorySegment.NULL;
  private long sent;

  /**
   * Takes the connections, which close with this.
   *
   * @param before to the task of the rank before; none of the first
   * @param behind to that of the next; none of the last
   */
  TcpReduce(int rank, int tasks, @Nullable Link before, @Nullable Link behind) {
    this.rank = rank;
    this.tasks = tasks;
    this.before = before;
    this.behind = behind;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int tasks() {
    return tasks;
  }

  @Override
  public void reduce(Contribution mine) {
    MemorySegment row = room(mine.bytes());
    for (long from = 0; from < row.byteSize(); from += PART) { // up
      MemorySegment part = part(row, from);
      read(before, part);
      mine.add(part, from);
      write(behind, part);
    }
    for (long from = 0; from < row.byteSize(); from += PART) { // and down
      MemorySegment part = part(row, from);
      read(behind, part);
      write(before, part);
      mine.take(part, from);
    }
  }

  private static MemorySegment part(MemorySegment row, long from) {
    return row.asSlice(from, Math.min(PART, row.byteSize() - from));
  }

  /** Rows are as long from batch to batch, but for the last of an epoch, which is shorter. */
  private MemorySegment room(long bytes) {
    if (room.byteSize() < bytes) {
      room = Arena.ofAuto().allocate(bytes, GRAIN);
    }
    return room.asSlice(0, bytes);
  }

  private void read(@Nullable Link link, MemorySegment part) {
    if (link != null) {
      try {
        link.read(part.asByteBuffer());
      } catch (IOException e) {
        throw lost(link, e);
      }
    }
  }

  private void write(@Nullable Link link, MemorySegment part) {
    if (link != null) {
      ByteBuffer bytes = part.asByteBuffer();
      try {
        link.write(bytes);
        sent += part.byteSize();
      } catch (IOException e) {
        throw lost(link, e);
      }
    }
  }

  private ExchangeException lost(Link link, IOException e) {
    return new ExchangeException(
        "task " + rank + ": the exchange between " + link.name() + " ended: " + e.getMessage(), e);
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public void close() {
    if (before != null) {
      before.close();
    }
    if (behind != null) {
      behind.close();
    }
    room = MemorySegment.NULL;
  }
}
