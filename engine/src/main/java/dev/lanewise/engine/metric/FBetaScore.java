package dev.lanewise.engine.metric;

import dev.lanewise.engine.tensor.Shape;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The mean between precision and recall of which recall counts beta times as much, Keras's {@code
 * FBetaScore}, and with a beta of 1 its {@code F1Score}. Of true positives tp, false ones fp and
 * false negatives fn, each with its weight, and e = 1e-7:
 *
 * <pre>
 * precision = tp / (tp + fp + e),  recall = tp / (tp + fn + e)
 * score = (1 + beta^2) precision recall / (beta^2 precision + recall + e)
 * </pre>
 *
 * <p>Without a threshold the largest output says yes, all of them on ties, but none that is 0. A
 * class that neither is nor is called has a score of 0, and counts. Class indices are taken as
 * one-hot.
 *
 * <p>Of each unit the sums of w over tp, fp and fn.
 *
 * @param average how units make one value
 * @param beta how many times recall counts as much as precision, above 0
 * @param threshold above which an output says yes, above 0 and at most 1; null if the largest does
 */
@SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
public record FBetaScore(Average average, double beta, @Nullable Double threshold)
    implements Measure {
  private static final double EPSILON = 1e-7;
  private static final int OF_UNIT = 3;

  /** How several units make one value. */
  public enum Average {
    /** Of all outputs together. */
    MICRO,
    /** The mean of the units' scores. */
    MACRO,
    /** Their mean by how often each unit's class is the target. */
    WEIGHTED
  }

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public FBetaScore {
    Objects.requireNonNull(average, "FBetaScore: average");
    if (!(beta > 0 && beta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("FBetaScore: beta must be above 0, found " + beta);
    }
    if (threshold != null && !(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "FBetaScore: threshold must be above 0 and at most 1, found " + threshold);
    }
  }

  /**
   * {@return the score in which precision and recall count alike}
   *
   * @param average how units make one value
   * @param threshold above which an output says yes; null if the largest does
   */
  public static FBetaScore f1(Average average, @Nullable Double threshold) {
    return new FBetaScore(average, 1, threshold);
  }

  @Override
  public int sums(int units) {
    return OF_UNIT * units;
  }

  @Override
  public @Nullable String fault(Shape output) {
    return SingleRows.fault(beta == 1 ? "F1Score" : "FBetaScore", output);
  }

  @Override
  public double result(double[] sums, int at, int units) {
    return switch (average) {
      case MICRO ->
          score(
              overUnits(sums, at, units),
              overUnits(sums, at + 1, units),
              overUnits(sums, at + 2, units));
      case MACRO -> {
        double scores = 0;
        for (int unit = 0; unit < units; unit++) {
          scores += ofUnit(sums, at + OF_UNIT * unit);
        }
        yield scores / units;
      }
      case WEIGHTED -> {
        double all = overUnits(sums, at, units) + overUnits(sums, at + 2, units) + EPSILON;
        double scores = 0;
        for (int unit = 0; unit < units; unit++) {
          int own = at + OF_UNIT * unit;
          scores += ofUnit(sums, own) * ((sums[own] + sums[own + 2]) / all);
        }
        yield scores;
      }
    };
  }

  private static double overUnits(double[] sums, int at, int units) {
    double sum = 0;
    for (int unit = 0; unit < units; unit++) {
      sum += sums[at + OF_UNIT * unit];
    }
    return sum;
  }

  private double ofUnit(double[] sums, int at) {
    return score(sums[at], sums[at + 1], sums[at + 2]);
  }

  private double score(double right, double wronglyCalled, double missed) {
    double precision = right / (right + wronglyCalled + EPSILON);
    double recall = right / (right + missed + EPSILON);
    double square = beta * beta;
    return precision * recall / (square * precision + recall + EPSILON) * (1 + square);
  }
}
