package dev.lanewise.cuda;

import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;
import java.util.List;

/** What comes down from the device for each sample: its loss and its metrics. */
final class SampleResults {
  /** Floats a sample: the loss, whether the class is right, the absolute error. */
  static final int WIDTH = 3;

  private final Transfers transfers;

  /** Where each metric is among a sample's results. */
  private final int[] metrics;

  SampleResults(Transfers transfers, List<Metric> metrics) {
    this.transfers = transfers;
    this.metrics = metrics.stream().mapToInt(SampleResults::placeOf).toArray();
  }

  private static int placeOf(Metric metric) {
    return switch (metric.measure()) {
      case Measure.Accuracy _, Measure.CategoricalAccuracy _ -> 1;
      case Measure.MeanAbsoluteError _ -> 2;
      default -> throw new IllegalStateException(metric + " has passed the gate of CudaSupport");
    };
  }

  /** Waits for the results of places [from, to). */
  float[] read(ResidentData data, int from, int to) {
    return transfers.copyOut(
        data.results() + (long) from * WIDTH * Float.BYTES, (to - from) * WIDTH);
  }

  /** Adds samples [from, to) of results one by one, so that sums do not depend on batches. */
  void add(float[] results, int from, int to, Totals totals) {
    for (int i = from * WIDTH; i < to * WIDTH; i += WIDTH) {
      totals.addSample(results[i]);
      for (int m = 0; m < metrics.length; m++) {
        totals.addTo(m, 0, results[i + metrics[m]]);
        totals.addTo(m, 1, 1);
      }
    }
  }
}
