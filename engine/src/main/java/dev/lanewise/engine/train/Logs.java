package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.metric.Metric;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums turned into named means. */
final class Logs {
  private Logs() {}

  static Map<String, Double> of(List<Metric> metrics, Totals totals, String prefix) {
    Map<String, Double> logs = new TreeMap<>();
    logs.put(prefix + "loss", totals.meanLoss());
    for (Metric metric : metrics) {
      double value =
          switch (metric) {
            case ACCURACY -> totals.accuracy();
            case MEAN_ABSOLUTE_ERROR -> totals.meanAbsoluteError();
          };
      logs.put(prefix + metric.kerasName(), value);
    }
    return logs;
  }
}
