package dev.lanewise.engine.backend;

/**
 * The walk through an epoch's batches, the same on every backend: the order of the samples, and how
 * far training has come.
 */
public final class Epoch {
  private final int maximumBatch;
  private final int windows;
  private int samples;
  private int[] order = new int[0];
  private int batchSize;
  private int position;
  private int window;

  /**
   * Creates a walk that is at its end.
   *
   * @param maximumBatch the most samples in one batch
   */
  public Epoch(int maximumBatch) {
    this(maximumBatch, 1);
  }

  /**
   * Creates a walk that is at its end, over sequences in windows.
   *
   * @param maximumBatch the most samples in one batch
   * @param windows how many windows a batch's sequences are cut into, each of them counting as a
   *     batch
   */
  public Epoch(int maximumBatch, int windows) {
    this.maximumBatch = maximumBatch;
    this.windows = windows;
  }

  /**
   * Begins an epoch, as {@link Plan#beginEpoch(int[], int, int)} says.
   *
   * @param newOrder the samples in the order of training
   * @param newBatchSize samples at a time
   * @param firstBatch the batches that are done already
   * @throws IllegalArgumentException if the batch is larger than the maximum, the epoch has fewer
   *     batches, or the order names a sample that is not there
   */
  public void begin(int[] newOrder, int newBatchSize, int firstBatch) {
    int size = Math.min(newBatchSize, newOrder.length);
    if (size < 1 || size > maximumBatch) {
      throw new IllegalArgumentException(
          "batch size must be between 1 and the plan's " + maximumBatch + ", found " + size);
    }
    int batches = Math.multiplyExact(Math.ceilDiv(newOrder.length, size), windows);
    if (firstBatch < 0 || firstBatch > batches) {
      throw new IllegalArgumentException(
          "first batch must be 0 to the epoch's " + batches + ", found " + firstBatch);
    }
    for (int sample : newOrder) {
      if (sample < 0 || sample >= samples) { // nothing below looks again
        throw new IllegalArgumentException(
            "the order of samples must name those of the bound data set, 0 to "
                + (samples - 1)
                + ", found "
                + sample);
      }
    }
    order = newOrder;
    batchSize = size;
    position = (int) Math.min((long) (firstBatch / windows) * size, newOrder.length);
    window = firstBatch % windows;
  }

  /**
   * Forgets the epoch; the next ones are over so many samples.
   *
   * @param newSamples how many there are
   */
  public void over(int newSamples) {
    samples = newSamples;
    order = new int[0];
    position = 0;
    window = 0;
  }

  /** {@return the samples' indices in the order of training} */
  public int[] order() {
    return order;
  }

  /** {@return the samples of a full batch} */
  public int batchSize() {
    return batchSize;
  }

  /** {@return how many samples have been trained on, in all windows} */
  public int position() {
    return position;
  }

  /** {@return which window of the next batch is the next} */
  public int window() {
    return window;
  }

  /**
   * {@return the samples of the next batch}
   *
   * @throws IllegalStateException if there is none
   */
  public int nextSize() {
    if (position >= order.length) {
      throw new IllegalStateException("step: the epoch has no batch left; begin another");
    }
    return Math.min(batchSize, order.length - position);
  }

  /** Moves on by the next batch, or the next window of it. */
  public void advance() {
    int size = nextSize();
    window++;
    if (window == windows) {
      window = 0;
      position += size;
    }
  }
}
