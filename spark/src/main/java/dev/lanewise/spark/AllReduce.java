package dev.lanewise.spark;

import java.lang.foreign.MemorySegment;

/**
 * A row of bytes that goes from task to task in the order of their ranks, each of which adds what
 * is its own; what the last has made comes back to all. So a sum has one order, that of the ranks,
 * and the same bits everywhere.
 *
 * <p>All tasks call {@link #reduce} as often, with rows of the same lengths.
 */
interface AllReduce extends AutoCloseable {
  /** Parts of a row begin at multiples of so many bytes. */
  int GRAIN = 64;

  /** What a task has to do with a row. */
  interface Contribution {
    /** Returns the bytes of the row, the same in all tasks. */
    long bytes();

    /**
     * Adds what is this task's to a part of the row.
     *
     * @param part what the tasks before have made of it; of the first task it means nothing
     * @param from where it begins in the row, a multiple of {@link #GRAIN}
     */
    void add(MemorySegment part, long from);

    /** Takes a part of the row as the last task has made it. */
    void take(MemorySegment part, long from);
  }

  /** Returns which task this is, from 0. */
  int rank();

  /** Returns how many tasks there are. */
  int tasks();

  /**
   * Goes through one row together with the other tasks.
   *
   * @throws ExchangeException if another task cannot be reached in time
   */
  void reduce(Contribution mine);

  /** Returns the bytes that this task has sent. */
  long bytesSent();

  @Override
  void close();
}
