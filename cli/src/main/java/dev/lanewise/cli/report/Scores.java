package dev.lanewise.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How a classifier did, class by class. What it takes grows with classes and samples, not with
 * classes squared, as their whole matrix would.
 */
public final class Scores {
  private final int[] support;
  private final int[] called;
  private final int[] right;
  private final List<Confusion> confusions = new ArrayList<>();

  /**
   * Samples of one class that were called another.
   *
   * @param label what they are
   * @param predicted what they were called
   * @param count how many, at least 1
   */
  public record Confusion(int label, int predicted, int count) {}

  private Scores(int classes) {
    support = new int[classes];
    called = new int[classes];
    right = new int[classes];
  }

  /**
   * Counts predictions.
   *
   * @param labels the true classes
   * @param predicted what was said of each
   * @param classes the number of classes
   */
  public static Scores of(int[] labels, int[] predicted, int classes) {
    Scores scores = new Scores(classes);
    Map<Long, Integer> wrong = new HashMap<>();
    for (int i = 0; i < labels.length; i++) {
      scores.support[labels[i]]++;
      scores.called[predicted[i]]++;
      if (labels[i] == predicted[i]) {
        scores.right[labels[i]]++;
      } else {
        wrong.merge((long) labels[i] * classes + predicted[i], 1, Integer::sum);
      }
    }
    wrong.forEach(
        (pair, count) ->
            scores.confusions.add(
                new Confusion((int) (pair / classes), (int) (pair % classes), count)));
    scores.confusions.sort(
        Comparator.comparingInt((Confusion c) -> -c.count)
            .thenComparingInt(Confusion::label)
            .thenComparingInt(Confusion::predicted));
    return scores;
  }

  /** Returns the number of classes. */
  public int classes() {
    return support.length;
  }

  /** Returns what was taken for something else, the most frequent first. */
  public List<Confusion> confusions() {
    return confusions;
  }

  /** Returns the counts by true class, then by predicted class; for a few classes. */
  public int[][] matrix() {
    int[][] matrix = new int[classes()][classes()];
    for (int c = 0; c < matrix.length; c++) {
      matrix[c][c] = right[c];
    }
    for (Confusion confusion : confusions) {
      matrix[confusion.label][confusion.predicted] = confusion.count;
    }
    return matrix;
  }

  /** Returns the classes that have samples, the worst by F1 first. */
  public List<Integer> worst() {
    return IntStream.range(0, classes())
        .filter(c -> support[c] > 0)
        .boxed()
        .sorted(Comparator.comparingDouble(this::f1))
        .toList();
  }

  /** Returns the samples of a class. */
  public int support(int label) {
    return support[label];
  }

  /** Returns the share of what was called so that is so; 0 if nothing was. */
  public double precision(int label) {
    return called[label] == 0 ? 0 : (double) right[label] / called[label];
  }

  /** Returns the share of what is so that was called so; 0 if nothing is. */
  public double recall(int label) {
    return support[label] == 0 ? 0 : (double) right[label] / support[label];
  }

  /** Returns the harmonic mean of precision and recall; 0 if both are. */
  public double f1(int label) {
    double precision = precision(label);
    double recall = recall(label);
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }
}
