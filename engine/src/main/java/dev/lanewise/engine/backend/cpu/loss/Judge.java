package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;

/**
 * One of an output's metrics at work.
 *
 * @param rule what it measures of a row
 * @param heedsMasks whether it leaves out masked steps
 * @param ofSums whether it looks at the sums below the last layer's activation, which the loss
 *     takes, too
 * @param place of its first cell among a sample's
 */
record Judge(RowMetric rule, boolean heedsMasks, boolean ofSums, int place) {
  /** Returns a metric of one of the outputs. */
  static Judge of(Metric metric, ModelSpec spec, int output, int place) {
    int values = Math.toIntExact(spec.shapeOf(output).elementCount());
    Measure measure = metric.measure();
    boolean sums =
        measure instanceof Measure.OfLoss(var loss) && spec.metricForm(output, loss).takesLogits();
    RowMetric rule = RowMetric.of(metric, values, loss -> spec.metricForm(output, loss));
    return new Judge(rule, measure.heedsMasks(), sums, place);
  }
}
