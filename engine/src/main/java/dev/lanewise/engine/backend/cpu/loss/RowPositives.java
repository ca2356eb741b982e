package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;

/**
 * Sums of w over outputs: of those that are positive and called so, and of the mistakes of one
 * kind. A target is positive where it is not 0.
 *
 * @param threshold above which an output is called positive
 * @param falsePositives whether the mistakes are what is wrongly called positive, as precision
 *     wants it, or what is wrongly not, as recall does
 * @param weighted whether w is the row's weight, or else 1
 */
record RowPositives(double threshold, boolean falsePositives, boolean weighted)
    implements RowMetric {
  @Override
  public int cells() {
    return 2;
  }

  @Override
  public void measure(OutputRow row, double[] cells, int at) {
    double weight = weighted ? row.weight() : 1;
    for (int c = 0; c < row.units(); c++) {
      boolean called = row.output(c) > threshold;
      boolean positive = row.target(c) != 0;
      if (called && positive) {
        cells[at] += weight;
      } else if (called != positive && called == falsePositives) {
        cells[at + 1] += weight;
      }
    }
  }

  @Override
  public void addTo(Totals totals, int metric, double[] cells, int at) {
    totals.addTo(metric, 0, cells[at]);
    totals.addTo(metric, 1, cells[at + 1]);
  }
}
