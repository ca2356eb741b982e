package dev.lanewise.spark;

import dev.lanewise.engine.train.History;
import java.util.List;

/**
 * What a fit on Spark reports.
 *
 * @param history what was reported, epoch by epoch
 * @param weightsSha256 the digest of the weights, as {@code lanewise train} prints it
 * @param attempts how often the stage was begun: 1, or more after an executor was lost
 * @param resumedAt the steps from the fit's beginning that the last attempt found done in a
 *     checkpoint, and has not done again
 * @param tasks where each task's time went, by rank
 */
public record FitResult(
    History history, String weightsSha256, int attempts, long resumedAt, List<TaskTimes> tasks) {
  /** Makes the list unmodifiable. */
  public FitResult {
    tasks = List.copyOf(tasks);
  }

  /**
   * Where a task's time went, of the last attempt.
   *
   * @param address where it ran
   * @param steps the batches
   * @param computing seconds for gradients
   * @param exchanging seconds for the exchange, waiting for slower tasks included
   * @param applying seconds for updates
   * @param bytesSent what it has sent to other tasks
   */
  public record TaskTimes(
      String address,
      long steps,
      double computing,
      double exchanging,
      double applying,
      long bytesSent) {}
}
