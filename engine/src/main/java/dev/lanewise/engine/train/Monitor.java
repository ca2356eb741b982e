package dev.lanewise.engine.train;

import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A reported value and the direction in which it gets better.
 *
 * @param name the value's name in the logs, such as {@code val_loss}
 * @param mode whether less or more is better
 * @param minimumDelta by how much a value must be better to count, at least 0
 */
public record Monitor(String name, Mode mode, double minimumDelta) {
  private static final String VALIDATION = "val_";

  /** The ends of Keras's names of metrics of which more is better, numbered or not. */
  private static final Pattern UPWARDS =
      Pattern.compile(
          "(acc|accuracy|(^|_)(auc|precision|recall|f1|f1_score|fbeta_score|r2|r2_score|io_u|iou"
              + "|cosine_similarity|pearson_correlation|concordance_correlation"
              + "|at_(specificity|sensitivity|recall|precision)|true_positives|true_negatives))"
              + "(_[0-9]+)?$");

  /** The direction in which a value gets better. */
  public enum Mode {
    /** Less is better. */
    MIN,
    /** More is better. */
    MAX
  }

  /**
   * Validates the difference.
   *
   * @throws IllegalArgumentException if it is negative, infinite or no number
   */
  public Monitor {
    if (!(minimumDelta >= 0) || Double.isInfinite(minimumDelta)) {
      throw new IllegalArgumentException(
          "Monitor: minimumDelta must be at least 0 and finite, found " + minimumDelta);
    }
  }

  /**
   * {@return a monitor with the mode that suits what Keras calls so: of accuracies, AUC, precision,
   * recall, scores, correlations, similarities and IoU more is better, of all else less} Of a
   * metric with a name of its own {@link #of(String, List)} knows better.
   *
   * @param name a value of the epoch's logs, such as {@code val_loss}
   */
  public static Monitor of(String name) {
    return new Monitor(name, UPWARDS.matcher(name).find() ? Mode.MAX : Mode.MIN, 0);
  }

  /**
   * {@return a monitor with the mode that suits the model's metric of that name, itself or in
   * validation, as Keras does; of any other value less is better}
   *
   * @param name a value of the epoch's logs, such as {@code val_loss}
   * @param metrics those of the model
   */
  public static Monitor of(String name, List<Metric> metrics) {
    String plain = name.startsWith(VALIDATION) ? name.substring(VALIDATION.length()) : name;
    boolean more =
        metrics.stream()
            .anyMatch(metric -> metric.name().equals(plain) && metric.measure().moreIsBetter());
    return new Monitor(name, more ? Mode.MAX : Mode.MIN, 0);
  }

  /**
   * Returns the value in an epoch's logs.
   *
   * @throws IllegalArgumentException if nothing of that name is reported
   */
  double valueIn(Map<String, Double> logs) {
    Double value = logs.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "monitor: no value is named " + name + ", there are " + logs.keySet());
    }
    return value;
  }

  /** Returns whether a value is better than another, which is NaN if there is none yet. */
  boolean isBetter(double value, double other) {
    if (Double.isNaN(other)) {
      return true;
    }
    return mode == Mode.MIN ? value < other - minimumDelta : value > other + minimumDelta;
  }
}
