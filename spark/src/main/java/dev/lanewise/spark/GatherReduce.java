package dev.lanewise.spark;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The exchange through Spark's driver, which needs no connection from executor to executor: a round
 * for each task, in which it tells all what it has made of the row. For few tasks and small models:
 * text of four thirds of the row goes to every task in every round.
 */
final class GatherReduce implements AllReduce {
  /** What {@code BarrierTaskContext.allGather} does. */
  interface Gather {
    /** Returns what each task has told, by rank. */
    String[] all(String mine);
  }

  private final Gather gather;
  private final int rank;
  private final int tasks;
  private long sent;

  GatherReduce(Gather gather, int rank, int tasks) {
    this.gather = gather;
    this.rank = rank;
    this.tasks = tasks;
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
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocate(mine.bytes(), GRAIN);
      for (int round = 0; round < tasks; round++) {
        String told = "";
        if (round == rank) {
          mine.add(row, 0);
          told = text(row);
          sent += told.length();
        }
        String[] all = gather.all(told);
        if (round == rank - 1 || round == tasks - 1) {
          read(all[round], row);
        }
      }
      mine.take(row, 0);
    }
  }

  private static String text(MemorySegment row) {
    byte[] bytes = Base64.getEncoder().encode(row.asByteBuffer()).array();
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void read(String text, MemorySegment row) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (bytes.length != row.byteSize()) {
      throw new ExchangeException(
          "a task told "
              + bytes.length
              + " bytes where "
              + row.byteSize()
              + " are meant: the tasks do not train the same model");
    }
    MemorySegment.copy(bytes, 0, row, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public void close() {}
}
