package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.ConcordanceCorrelation;
import dev.lanewise.engine.metric.FBetaScore;
import dev.lanewise.engine.metric.IoU;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Measure.Outcome;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.metric.OperatingPoint;
import dev.lanewise.engine.metric.PearsonCorrelation;
import dev.lanewise.engine.metric.R2Score;
import java.util.function.Function;

/**
 * A metric at work: threads leave what each sample adds in cells of its own, and one thread then
 * adds the cells in the batch's order, so that sums depend on no thread.
 */
interface RowMetric {
  /** Returns how many cells a sample takes. */
  int cells();

  /**
   * Adds a row to its sample's cells, which begin as zeros.
   *
   * @param at the first of them
   */
  void measure(OutputRow row, double[] cells, int at);

  /**
   * Adds a sample's cells to the sums.
   *
   * @param metric the metric's index among the model's
   */
  void addTo(Totals totals, int metric, double[] cells, int at);

  /**
   * Returns a metric at work.
   *
   * @param outputs the values of one sample's output
   * @param forms how losses are computed that are measured
   */
  static RowMetric of(Metric metric, int outputs, Function<Loss, LossForm> forms) {
    boolean weighted = metric.weighted();
    return switch (metric.measure()) {
      case Measure.OutputLoss measure ->
          throw new IllegalStateException("no row measures a loss: CpuLoss reports its own");
      case Measure.Accuracy measure -> new RowMean(RowValue.ACCURACY, weighted);
      case Measure.BinaryAccuracy measure ->
          new RowMean(RowValue.binaryAccuracy(measure.threshold()), weighted);
      case Measure.CategoricalAccuracy measure ->
          new RowMean(RowValue.CATEGORICAL_ACCURACY, weighted);
      case Measure.TopKCategoricalAccuracy measure ->
          new RowMean(RowValue.amongLargest(measure.k()), weighted);
      case Measure.OfLoss measure ->
          new RowMean(RowValue.of(RowLoss.of(forms.apply(measure.loss())), 1), weighted);
      case Measure.RootMeanSquaredError measure ->
          new RowMean(RowValue.of(new RowError.Squared(), 1), weighted);
      case Measure.CosineSimilarity measure ->
          new RowMean(RowValue.of(new RowCosine(), -1), weighted);
      case Measure.Count measure -> {
        int counted = measure.outcome().bit();
        yield new RowOutcomes(measure.threshold(), RowSelection.ALL, counted, ~counted, weighted);
      }
      case Measure.Precision measure ->
          new RowOutcomes(
              measure.threshold(),
              RowSelection.of(measure.selection()),
              Outcome.TRUE_POSITIVES.bit(),
              Outcome.FALSE_POSITIVES.bit(),
              weighted);
      case Measure.Recall measure ->
          new RowOutcomes(
              measure.threshold(),
              RowSelection.of(measure.selection()),
              Outcome.TRUE_POSITIVES.bit(),
              Outcome.FALSE_NEGATIVES.bit(),
              weighted);
      case Measure.Auc measure ->
          new RowBuckets(
              new Thresholds(measure.thresholds(), false), RowSelection.ALL, outputs, weighted);
      case OperatingPoint measure ->
          new RowBuckets(
              new Thresholds(measure.thresholds(), true),
              RowSelection.of(measure.selection()),
              outputs,
              weighted);
      case IoU measure -> new RowConfusion(measure, outputs, weighted);
      case PearsonCorrelation measure -> new RowMean(RowCorrelation::pearson, weighted);
      case ConcordanceCorrelation measure -> new RowMean(RowCorrelation::concordance, weighted);
      case FBetaScore measure -> new RowCalls(measure.threshold(), outputs, weighted);
      case R2Score measure -> new RowVariation(outputs, weighted);
    };
  }
}
