package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;

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
   */
  static RowMetric of(Metric metric, int outputs) {
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
      case Measure.MeanAbsoluteError measure -> new RowMean(RowValue.ABSOLUTE_ERROR, weighted);
      case Measure.MeanSquaredError measure -> new RowMean(RowValue.SQUARED_ERROR, weighted);
      case Measure.RootMeanSquaredError measure -> new RowMean(RowValue.SQUARED_ERROR, weighted);
      case Measure.CosineSimilarity measure -> new RowMean(RowCosine.SIMILARITY, weighted);
      case Measure.Precision measure -> new RowPositives(measure.threshold(), true, weighted);
      case Measure.Recall measure -> new RowPositives(measure.threshold(), false, weighted);
      case Measure.Auc measure -> new RowBuckets(measure.thresholds(), outputs, weighted);
    };
  }
}
