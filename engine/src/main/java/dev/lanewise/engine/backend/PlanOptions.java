package dev.lanewise.engine.backend;

/**
 * How a plan is to run.
 *
 * @param maximumBatch the most samples in one batch
 * @param threads the threads to use, the caller's among them; results do not depend on it
 * @param seed what decides all that is drawn in training, such as what dropout drops
 * @param window the steps of the windows that sequences are cut into, each of them a step of
 *     training of its own (see {@link Windows}); 0 for whole sequences
 */
public record PlanOptions(int maximumBatch, int threads, long seed, int window) {
  private static final int MOST_THREADS = 1024;
  private static final int MOST_SAMPLES = 1 << 24;

  /**
   * Validates the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public PlanOptions {
    if (maximumBatch < 1 || maximumBatch > MOST_SAMPLES) {
      throw new IllegalArgumentException(
          "batch size must be between 1 and " + MOST_SAMPLES + ", found " + maximumBatch);
    }
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads must be between 1 and " + MOST_THREADS + ", found " + threads);
    }
    if (window < 0) {
      throw new IllegalArgumentException(
          "window must be a number of steps, or 0 for none, found " + window);
    }
  }

  /**
   * Creates options for whole sequences.
   *
   * @param maximumBatch the most samples a step, at least 1
   * @param threads how many may compute, at least 1
   * @param seed what all random choices are a function of
   */
  public PlanOptions(int maximumBatch, int threads, long seed) {
    this(maximumBatch, threads, seed, 0);
  }

  /**
   * Creates options with the seed 0.
   *
   * @param maximumBatch the most samples a step, at least 1
   * @param threads how many may compute, at least 1
   */
  public PlanOptions(int maximumBatch, int threads) {
    this(maximumBatch, threads, 0);
  }
}
