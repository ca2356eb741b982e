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

  /** Returns the sums as they are: loss, correct, absolute error, samples. */
  public double[] toArray() {
    return new double[] {loss, correct, absoluteError, samples};
  }

  /**
   * Sets the sums to what {@link #toArray} gave.
   *
   * @throws IllegalArgumentException if it cannot have been that
   */
  public void set(double[] sums) {
    if (sums.length != 4 || !(sums[3] >= 0 && sums[3] <= 1L << 53)) {
      throw new IllegalArgumentException("totals: expected three sums and a count of samples");
    }
    loss = sums[0];
    correct = sums[1];
    absoluteError = sums[2];
    samples = (long) sums[3];
  }
}
