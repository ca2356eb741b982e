package dev.lanewise.engine.metric;

import dev.lanewise.engine.tensor.Shape;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The best of one rate at thresholds where another is high enough: Keras's {@code
 * PrecisionAtRecall}, {@code RecallAtPrecision}, {@code SensitivityAtSpecificity} and {@code
 * SpecificityAtSensitivity}. Thresholds divide [0, 1] evenly, 0 and 1 being two of them; a single
 * one is a half. Where the other rate is nowhere high enough, the value is 0.
 *
 * <p>Sums of w over the positives, then the negatives, by where outputs are: first those above no
 * threshold, then those above one, and so on.
 *
 * @param trade which rate is told, and which has to be high enough
 * @param least what the other rate has to be, in [0, 1]
 * @param thresholds how many
 * @param selection which outputs are looked at: all, or those of a class
 */
public record OperatingPoint(Trade trade, double least, int thresholds, Selection selection)
    implements Measure {
  /** Keras's number. */
  public static final int THRESHOLDS = 200;

  private static final int MOST = 1 << 16;

  /** Which rate is told, and which has to be high enough. */
  public enum Trade {
    /** The share of what was called positive that is, by the share of positives called so. */
    PRECISION_AT_RECALL,
    /** The share of positives called so, by the share of what was called positive that is. */
    RECALL_AT_PRECISION,
    /** The share of positives called so, by the share of negatives called so. */
    SENSITIVITY_AT_SPECIFICITY,
    /** The share of negatives called so, by the share of positives called so. */
    SPECIFICITY_AT_SENSITIVITY
  }

  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if {@code least} is not in [0, 1], or the thresholds are below
   *     1 or above 2^16, or the largest outputs are selected
   */
  public OperatingPoint {
    Objects.requireNonNull(trade, "OperatingPoint: trade");
    if (!(least >= 0 && least <= 1)) {
      throw new IllegalArgumentException("OperatingPoint: least must be in [0, 1], found " + least);
    }
    if (thresholds < 1 || thresholds > MOST) {
      throw new IllegalArgumentException(
          "OperatingPoint: thresholds must be 1 to " + MOST + ", found " + thresholds);
    }
    if (selection.topK() != null) {
      throw new IllegalArgumentException(
          "OperatingPoint: is of all outputs or of a class, found the largest " + selection.topK());
    }
  }

  /**
   * Takes Keras's number of thresholds, and all outputs.
   *
   * @param trade which rate is told, and which has to be high enough
   * @param least what the other has to be, in [0, 1]
   * @throws IllegalArgumentException if it is not
   */
  public OperatingPoint(Trade trade, double least) {
    this(trade, least, THRESHOLDS, Selection.ALL);
  }

  @Override
  @SuppressWarnings("exports") // of @Nullable, which nobody needs to compile against this
  public @Nullable String fault(Shape output) {
    return selection.fault(output);
  }

  @Override
  public int sums(int units) {
    return 2 * (thresholds + 1);
  }

  @Override
  public double result(double[] sums, int at, int units) {
    int other = at + thresholds + 1;
    double positives = 0;
    double negatives = 0;
    for (int i = 0; i <= thresholds; i++) {
      positives += sums[at + i];
      negatives += sums[other + i];
    }
    double right = 0;
    double wrong = 0;
    double best = 0;
    for (int i = thresholds; i > 0; i--) { // what is above a threshold less each time
      right += sums[at + i];
      wrong += sums[other + i];
      double called = Share.of(right, positives);
      double spared = Share.of(negatives - wrong, negatives);
      double precise = Share.of(right, right + wrong);
      best =
          switch (trade) {
            case PRECISION_AT_RECALL -> better(best, precise, called);
            case RECALL_AT_PRECISION -> better(best, called, precise);
            case SENSITIVITY_AT_SPECIFICITY -> better(best, called, spared);
            case SPECIFICITY_AT_SENSITIVITY -> better(best, spared, called);
          };
    }
    return best;
  }

  /** As float32, in which Keras compares: 0.9 is met by nine of ten. */
  private double better(double best, double rate, double bound) {
    return (float) bound >= (float) least ? Math.max(best, rate) : best;
  }
}
