package dev.lanewise.engine.metric;

import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Measure.Accuracy;
import dev.lanewise.engine.metric.Measure.Auc;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What training reports beside the loss.
 *
 * @param measure what is measured
 * @param name the name under which {@code History} holds it
 * @param weighted whether samples count by their weights; otherwise all count alike
 */
public record Metric(Measure measure, String name, boolean weighted) {
  /** Names stand in tables, in files, on terminals, and beside these. */
  private static final Pattern NAME = Pattern.compile("(?!val_|loss$|epoch$)\\w[\\w .-]{0,99}");

  private static final double HALF = 0.5;
  private static final int FIVE = 5;

  /** The accuracy that suits the outputs. */
  public static final Metric ACCURACY = of(new Accuracy(), "accuracy");

  /** The mean of |y - t|. */
  public static final Metric MEAN_ABSOLUTE_ERROR = of(Loss.MEAN_ABSOLUTE_ERROR, "mae");

  /** The mean of (y - t)^2. */
  public static final Metric MEAN_SQUARED_ERROR = of(Loss.MEAN_SQUARED_ERROR, "mse");

  /** The root of the mean of (y - t)^2. */
  public static final Metric ROOT_MEAN_SQUARED_ERROR =
      of(new Measure.RootMeanSquaredError(), "root_mean_squared_error");

  /** The share of outputs on their target's side of a half. */
  public static final Metric BINARY_ACCURACY =
      of(new Measure.BinaryAccuracy(HALF), "binary_accuracy");

  /** The share of rows whose target's class is among the five largest outputs. */
  public static final Metric TOP_K_CATEGORICAL_ACCURACY =
      of(new Measure.TopKCategoricalAccuracy(FIVE), "top_k_categorical_accuracy");

  /** The share of what was called positive that is. */
  public static final Metric PRECISION = of(new Measure.Precision(HALF), "precision");

  /** The share of what is positive that was called so. */
  public static final Metric RECALL = of(new Measure.Recall(HALF), "recall");

  /** The area under the curve of true against false positives. */
  public static final Metric AUC = of(new Auc(Auc.THRESHOLDS), "auc");

  /** The cosine between outputs and targets. */
  public static final Metric COSINE_SIMILARITY =
      of(new Measure.CosineSimilarity(), "cosine_similarity");

  /**
   * Validates the name.
   *
   * @throws IllegalArgumentException if it is that of something else, too long, or has other
   *     characters than letters, digits, blanks and {@code _.-}
   */
  public Metric {
    Objects.requireNonNull(measure, "Metric: measure");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Metric: a name is up to 100 of A-Z, a-z, 0-9, '_', '.', '-' and ' ', neither loss nor"
              + " epoch nor one with val_ before it, found '"
              + name
              + "'");
    }
  }

  /**
   * {@return a metric that takes no notice of weights}
   *
   * @param measure what is measured
   * @param name as histories show it
   */
  public static Metric of(Measure measure, String name) {
    return new Metric(measure, name, false);
  }

  /**
   * {@return the mean of what a loss says of each row, without weights}
   *
   * @param loss what says it
   * @param name as histories show it
   * @throws IllegalArgumentException if it is the cosine similarity, of which there is a measure
   */
  public static Metric of(Loss loss, String name) {
    return of(new Measure.OfLoss(loss), name);
  }

  /**
   * {@return the metric under another name}
   *
   * @param other as histories show it
   */
  public Metric named(String other) {
    return new Metric(measure, other, weighted);
  }

  /** {@return the metric with samples that count by their weights} */
  public Metric byWeight() {
    return new Metric(measure, name, true);
  }

  /** {@return the name under which {@code History} holds it} */
  public String kerasName() {
    return name;
  }

  /**
   * Refuses metrics that could not be told apart.
   *
   * @param metrics those of one model
   * @throws IllegalArgumentException naming the first name that two of them have
   */
  public static void requireDistinct(List<Metric> metrics) {
    Set<String> names = new HashSet<>();
    for (Metric metric : metrics) {
      if (!names.add(metric.name)) {
        throw new IllegalArgumentException(
            "metrics: two are named " + metric.name + "; give one another name");
      }
    }
  }
}
