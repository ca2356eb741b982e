package dev.lanewise.spark;

/**
 * How often a fit's state is saved.
 *
 * @param count how many steps or epochs are between two checkpoints, at least 1
 * @param ofEpochs whether epochs are counted, not steps; a step is a batch
 */
public record CheckpointEvery(int count, boolean ofEpochs) {
  /**
   * Checks the count.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public CheckpointEvery {
    if (count < 1) {
      throw new IllegalArgumentException(
          "SparkFit: checkpoints must be at least 1 step or epoch apart, found " + count);
    }
  }

  /**
   * {@return a checkpoint after each so many batches}
   *
   * @param count how many, at least 1
   */
  public static CheckpointEvery steps(int count) {
    return new CheckpointEvery(count, false);
  }

  /**
   * {@return a checkpoint after each so many epochs}
   *
   * @param count how many, at least 1
   */
  public static CheckpointEvery epochs(int count) {
    return new CheckpointEvery(count, true);
  }

  /** Returns the steps from one to the next. */
  int inSteps(int stepsOfEpoch) {
    return ofEpochs ? Math.multiplyExact(count, stepsOfEpoch) : count;
  }
}
