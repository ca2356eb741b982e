package dev.lanewise.engine.loss;

/**
 * The mean over the last axis of e^2 / 2 where |e| is at most delta, else of delta |e| - delta^2 /
 * 2, with e = y - t.
 *
 * @param delta where the line begins, above 0
 */
public record Huber(double delta) implements Loss {
  /**
   * Validates the bound.
   *
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public Huber {
    if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Huber: delta must be above 0, found " + delta);
    }
  }

  @Override
  public String kerasName() {
    return "huber";
  }
}
