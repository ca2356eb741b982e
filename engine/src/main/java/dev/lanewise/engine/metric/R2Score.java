package dev.lanewise.engine.metric;

import dev.lanewise.engine.tensor.Shape;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The coefficient of determination, Keras's {@code R2Score}: how much of what targets vary by the
 * outputs account for. Of each unit, over all samples with their weights w,
 *
 * <pre>
 * total = sum(w t^2) - sum(w t)^2 / sum(w)
 * score = 1 - sum(w (y - t)^2) / total        0 where that is infinite
 * </pre>
 *
 * <p>and of all units the mean; with {@code numRegressors} p above 0 and below n - 1 it is adjusted
 * to {@code 1 - (1 - score) (n - 1) / (n - p - 1)}. As in Keras, n counts targets, not samples: of
 * three units it is three times as large. Targets that are all alike, and met, have no score: NaN.
 *
 * <p>Sums of w and of n, then of each unit those of w t, w t^2 and w (y - t)^2.
 *
 * @param classAggregation how units make one value
 * @param numRegressors the independent inputs by which the score is adjusted, 0 for none
 */
public record R2Score(Aggregation classAggregation, int numRegressors) implements Measure {
  private static final int OF_ALL = 2;
  private static final int OF_UNIT = 3;

  /** How the scores of several units make one value. */
  public enum Aggregation {
    /** Their mean. */
    UNIFORM_AVERAGE,
    /** Their mean by how much the targets of each vary. */
    VARIANCE_WEIGHTED_AVERAGE
  }

  /**
   * Validates the number.
   *
   * @throws IllegalArgumentException if it is below 0
   */
  public R2Score {
    Objects.requireNonNull(classAggregation, "R2Score: classAggregation");
    if (numRegressors < 0) {
      throw new IllegalArgumentException(
          "R2Score: numRegressors must be at least 0, found " + numRegressors);
    }
  }

  /** Takes Keras's values: the mean of all units, without adjustment. */
  public R2Score() {
    this(Aggregation.UNIFORM_AVERAGE, 0);
  }

  @Override
  public int sums(int units) {
    return OF_ALL + OF_UNIT * units;
  }

  @Override
  @SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
  public @Nullable String fault(Shape output) {
    return SingleRows.fault("R2Score", output);
  }

  @Override
  public double result(double[] sums, int at, int units) {
    double weight = sums[at];
    double scores = 0;
    double varied = 0;
    double totals = 0;
    for (int unit = 0; unit < units; unit++) {
      int own = at + OF_ALL + OF_UNIT * unit;
      double total = sums[own + 1] - sums[own] * (sums[own] / weight);
      double score = 1 - sums[own + 2] / total;
      score = Double.isInfinite(score) ? 0 : score;
      scores += score;
      varied += total * score;
      totals += total;
    }
    return adjusted(
        switch (classAggregation) {
          case UNIFORM_AVERAGE -> scores / units;
          case VARIANCE_WEIGHTED_AVERAGE -> varied / totals;
        },
        sums[at + 1]);
  }

  private double adjusted(double score, double count) {
    if (numRegressors == 0 || numRegressors >= count - 1) { // Keras warns and leaves it
      return score;
    }
    return 1 - (1 - score) * (count - 1) / (count - numRegressors - 1);
  }
}
