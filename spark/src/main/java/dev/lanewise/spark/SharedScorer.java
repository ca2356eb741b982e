package dev.lanewise.spark;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A scorer that the tasks of an executor share: made by the first that asks, closed by the last
 * that ends, so that no memory outlives the tasks.
 */
final class SharedScorer {
  private static final Map<Long, SharedScorer> OPEN = new HashMap<>();

  private final Scorer scorer;
  private int users;
  private boolean driver;

  private SharedScorer(Scorer scorer) {
    this.scorer = scorer;
  }

  /**
   * Returns the scorer of a model for the task that this thread is of, until the task ends.
   *
   * @param model a Keras file
   */
  static Scorer ofTask(Broadcast<byte[]> model) {
    TaskContext task = TaskContext.get();
    Scorer scorer = take(model).scorer;
    task.addTaskCompletionListener((TaskCompletionListener) ended -> release(model.id()));
    return scorer;
  }

  /**
   * Returns the scorer of a model for the driver, which has no tasks that would end: it stays until
   * {@link #releaseDriver}.
   */
  static synchronized Scorer ofDriver(Broadcast<byte[]> model) {
    SharedScorer shared = OPEN.get(model.id());
    if (shared != null && shared.driver) {
      return shared.scorer;
    }
    SharedScorer taken = take(model);
    taken.driver = true;
    return taken.scorer;
  }

  /** Ends the driver's use, if there was any. */
  static synchronized void releaseDriver(Broadcast<byte[]> model) {
    SharedScorer shared = OPEN.get(model.id());
    if (shared != null && shared.driver) {
      shared.driver = false;
      release(model.id());
    }
  }

  private static synchronized SharedScorer take(Broadcast<byte[]> model) {
    SharedScorer shared = OPEN.get(model.id());
    if (shared == null) {
      shared = new SharedScorer(new Scorer(KerasBytes.read(model.value())));
      OPEN.put(model.id(), shared);
    }
    shared.users++;
    return shared;
  }

  private static synchronized void release(long id) {
    SharedScorer shared = OPEN.get(id);
    if (shared != null && --shared.users == 0) {
      OPEN.remove(id);
      shared.scorer.close();
    }
  }

  /** Returns how many scorers are open. */
  static synchronized int open() {
    return OPEN.size();
  }
}
