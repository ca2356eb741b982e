package dev.lanewise.spark;

import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.train.Model;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A predictor that the tasks of an executor share: made by the first that asks, closed by the last
 * that ends, so that no memory outlives the tasks.
 */
final class SharedPredictor {
  private static final Map<Long, SharedPredictor> OPEN = new HashMap<>();

  private final Predictor predictor;
  private int users;

  private SharedPredictor(Predictor predictor) {
    this.predictor = predictor;
  }

  /**
   * Returns the predictor of a model, which {@link #release} is to be told the end of.
   *
   * @param id tells a model from others
   * @param model makes it, if no other task has
   */
  static synchronized Predictor of(long id, Supplier<Model> model) {
    SharedPredictor shared = OPEN.get(id);
    if (shared == null) {
      try (Model opened = model.get().withThreads(1)) { // each task is one
        shared = new SharedPredictor(opened.predictor());
      }
      OPEN.put(id, shared);
    }
    shared.users++;
    return shared.predictor;
  }

  /** Ends one task's use. */
  static synchronized void release(long id) {
    SharedPredictor shared = OPEN.get(id);
    if (shared != null && --shared.users == 0) {
      OPEN.remove(id);
      shared.predictor.close();
    }
  }

  /** Returns how many predictors are open. */
  static synchronized int open() {
    return OPEN.size();
  }
}
