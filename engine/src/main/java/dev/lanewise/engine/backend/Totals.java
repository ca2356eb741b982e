package dev.lanewise.engine.backend;

/**
 * Running sums over samples; reused from batch to batch, so that a step allocates nothing. In a
 * model with sequence output a sample counts as the mean of its steps.
 */
public final class Totals {
  private double loss;
  private double correct;
  private double absoluteError;
  private long samples;

  /** Creates sums of zero. */
  public Totals() {}

  /** Sets every sum to zero. */
  public void reset() {
    loss = 0;
    correct = 0;
    absoluteError = 0;
    samples = 0;
  }

  /**
   * Adds a batch.
   *
   * @param batchLoss the sum of the samples' losses
   * @param batchCorrect the number of correct samples
   * @param batchAbsoluteError the sum of the samples' mean absolute errors
   * @param batchSamples the number of samples
   */
  public void add(
      double batchLoss, double batchCorrect, double batchAbsoluteError, int batchSamples) {
    loss += batchLoss;
    correct += batchCorrect;
    absoluteError += batchAbsoluteError;
    samples += batchSamples;
  }

  /** Adds other sums. */
  public void add(Totals other) {
    loss += other.loss;
    correct += other.correct;
    absoluteError += other.absoluteError;
    samples += other.samples;
  }

  /** Returns the mean loss. */
  public double meanLoss() {
    return loss / samples;
  }

  /** Returns the share of correct samples. */
  public double accuracy() {
    return correct / samples;
  }

  /** Returns the mean absolute error. */
  public double meanAbsoluteError() {
    return absoluteError / samples;
  }

  /** Returns the number of samples. */
  public long samples() {
    return samples;
  }
}
