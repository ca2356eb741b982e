package dev.lanewise.cli.report;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.train.Model;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The numbers that a model predicted for a data set, beside the true ones.
 *
 * @param truth row-major, a row a sample or a step
 * @param predicted the same
 * @param width numbers a row
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record Predictions(float[] truth, float[] predicted, int width) {
  private static final int BATCH = 150;

  /** Asks a model; a label is the number itself, or one-hot where there are several outputs. */
  static Predictions of(Model model, Dataset samples) {
    int width = model.spec().output().size(-1);
    int each = Math.toIntExact(model.spec().output().elementCount());
    float[] truth = new float[Math.multiplyExact(samples.size(), each)];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = target(samples, i / each, i % each, width);
    }
    model.resetStates();
    return new Predictions(truth, model.predict(samples, model.spec().batchOr(BATCH)), width);
  }

  static float target(Dataset data, int sample, int index, int width) {
    if (!data.hasLabels()) {
      return data.target(sample, index);
    }
    int label = data.label(sample, index / width);
    if (width == 1) {
      return label;
    }
    return label == index % width ? 1 : 0;
  }

  /** Returns what is predicted too much. */
  double residual(int i) {
    return (double) predicted[i] - truth[i];
  }

  double meanAbsoluteError() {
    return IntStream.range(0, truth.length).mapToDouble(this::residual).map(Math::abs).sum()
        / truth.length;
  }

  double rootMeanSquaredError() {
    return Math.sqrt(
        IntStream.range(0, truth.length).mapToDouble(this::residual).map(e -> e * e).sum()
            / truth.length);
  }

  /**
   * Returns the share of an output's variance that is predicted, 1 - sum (y - t)^2 / sum (t - mean
   * t)^2, a mean over the outputs; no number where an output's targets are all the same.
   */
  double r2() {
    return IntStream.range(0, width).mapToDouble(this::r2).sum() / width;
  }

  /** Returns the same of one output. */
  double r2(int output) {
    int rows = truth.length / width;
    double mean = 0;
    for (int i = output; i < truth.length; i += width) {
      mean += truth[i] / (double) rows;
    }
    double unexplained = 0;
    double all = 0;
    for (int i = output; i < truth.length; i += width) {
      unexplained += residual(i) * residual(i);
      all += (truth[i] - mean) * (truth[i] - mean);
    }
    return all == 0 ? Double.NaN : 1 - unexplained / all;
  }

  /** Returns the residuals by size, the least first. */
  double[] sortedResiduals() {
    double[] residuals = IntStream.range(0, truth.length).mapToDouble(this::residual).toArray();
    Arrays.sort(residuals);
    return residuals;
  }

  /** Returns where the largest errors are, the largest first. */
  List<Integer> worst(int most) {
    return IntStream.range(0, truth.length)
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer i) -> -Math.abs(residual(i)))
                .thenComparingInt(i -> i))
        .limit(most)
        .toList();
  }
}
