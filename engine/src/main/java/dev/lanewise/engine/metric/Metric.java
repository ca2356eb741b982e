package dev.lanewise.engine.metric;

/** What training reports beside the loss; a mean over samples. */
public enum Metric {
  /**
   * The share of outputs whose largest value (the first on ties) is at the target's class; with a
   * single output unit, the share with (y &gt; 0.5) == (t &gt; 0.5).
   */
  ACCURACY("accuracy"),

  /** The mean of |y - t|. */
  MEAN_ABSOLUTE_ERROR("mae");

  private final String kerasName;

  Metric(String kerasName) {
    this.kerasName = kerasName;
  }

  /** Returns the name under which {@code History} holds it. */
  public String kerasName() {
    return kerasName;
  }
}
