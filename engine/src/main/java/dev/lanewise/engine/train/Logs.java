package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.metric.Metric;
import java.util.Map;
import java.util.TreeMap;

/** Sums turned into named values. */
final class Logs {
  private Logs() {}

  static Map<String, Double> of(Totals totals, String prefix) {
    Map<String, Double> logs = new TreeMap<>();
    logs.put(prefix + "loss", totals.meanLoss());
    for (Metric metric : totals.metrics()) {
      logs.put(prefix + metric.kerasName(), totals.value(metric));
    }
    return logs;
  }
}
