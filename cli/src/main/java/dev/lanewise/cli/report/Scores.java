package dev.lanewise.cli.report;

/**
 * How a classifier did, class by class, from its confusion matrix.
 *
 * @param confusion samples by true class, then by predicted class
 */
@SuppressWarnings("ArrayRecordComponent") // printed, never compared
public record Scores(int[][] confusion) {
  /**
   * Counts predictions.
   *
   * @param labels the true classes
   * @param predicted what was said of each
   * @param classes the number of classes
   */
  public static Scores of(int[] labels, int[] predicted, int classes) {
    int[][] confusion = new int[classes][classes];
    for (int i = 0; i < labels.length; i++) {
      confusion[labels[i]][predicted[i]]++;
    }
    return new Scores(confusion);
  }

  /** Returns the number of classes. */
  public int classes() {
    return confusion.length;
  }

  /** Returns the samples of a class. */
  public int support(int label) {
    int sum = 0;
    for (int count : confusion[label]) {
      sum += count;
    }
    return sum;
  }

  /** Returns the share of what was called so that is so; 0 if nothing was. */
  public double precision(int label) {
    int called = 0;
    for (int[] row : confusion) {
      called += row[label];
    }
    return called == 0 ? 0 : (double) confusion[label][label] / called;
  }

  /** Returns the share of what is so that was called so; 0 if nothing is. */
  public double recall(int label) {
    int support = support(label);
    return support == 0 ? 0 : (double) confusion[label][label] / support;
  }

  /** Returns the harmonic mean of precision and recall; 0 if both are. */
  public double f1(int label) {
    double precision = precision(label);
    double recall = recall(label);
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }
}
