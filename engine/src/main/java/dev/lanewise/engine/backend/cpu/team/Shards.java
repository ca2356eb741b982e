package dev.lanewise.engine.backend.cpu.team;

/**
 * How the rows of a batch are cut: the cut depends on the batch size alone, each shard sums its own
 * weight gradient, and the sums are added in the shards' order. So any number of threads, each
 * taking whole shards, gives the same bits.
 *
 * <p>25 rows are five strips of the five-row kernel, and 150 rows make six shards, an even number
 * for two threads. More shards would let more threads work at the price of more gradients to add;
 * more than {@value #MOST} are never made.
 *
 * @param rows the rows of a full shard
 * @param count the shards of a full batch
 */
public record Shards(int rows, int count) {
  private static final int ROWS = 25;
  private static final int MOST = 16;

  /** Returns the cut of batches of {@code batch} rows. */
  public static Shards of(int batch) {
    int wanted = Math.min(batch, Math.min(MOST, 2 * Math.ceilDiv(batch, 2 * ROWS)));
    int rows = Math.ceilDiv(batch, wanted);
    return new Shards(rows, Math.ceilDiv(batch, rows));
  }

  /** Returns the most rows that a shard of any batch up to {@code maximumBatch} has. */
  public static int mostRows(int maximumBatch) {
    return Math.max(Math.min(maximumBatch, ROWS), of(maximumBatch).rows());
  }

  /** Returns the most shards that any batch up to {@code maximumBatch} has. */
  public static int mostShards(int maximumBatch) {
    return Math.min(maximumBatch, Math.min(MOST, 2 * Math.ceilDiv(maximumBatch, 2 * ROWS)));
  }

  /** Returns how many shards the first {@code samples} rows of a batch reach. */
  public int used(int samples) {
    return Math.ceilDiv(samples, rows);
  }

  /** Returns the first row of a shard. */
  public int firstRow(int shard) {
    return shard * rows;
  }

  /** Returns the rows of a shard when the batch has {@code samples}. */
  public int rowsOf(int shard, int samples) {
    return Math.min(rows, samples - firstRow(shard));
  }
}
