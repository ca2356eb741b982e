package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.metric.Measure.Outcome;

/**
 * Sums of w over the outputs with one outcome or another. A target is positive where it is not 0.
 *
 * @param threshold above which an output is called positive
 * @param selection which outputs are looked at
 * @param first the bits of what the first sum counts
 * @param second those of what the second does
 * @param weighted whether w is the row's weight, or else 1
 */
record RowOutcomes(
    double threshold, RowSelection selection, int first, int second, boolean weighted)
    implements RowMetric {
  @Override
  public int cells() {
    return 2;
  }

  @Override
  public void measure(OutputRow row, double[] cells, int at) {
    double weight = weighted ? row.weight() : 1;
    int end = selection.end(row);
    for (int c = selection.first(); c < end; c++) {
      int bit = outcome(selection.output(row, c) > threshold, row.target(c) != 0).bit();
      cells[at] += (bit & first) != 0 ? weight : 0;
      cells[at + 1] += (bit & second) != 0 ? weight : 0;
    }
  }

  private static Outcome outcome(boolean called, boolean positive) {
    if (called) {
      return positive ? Outcome.TRUE_POSITIVES : Outcome.FALSE_POSITIVES;
    }
    return positive ? Outcome.FALSE_NEGATIVES : Outcome.TRUE_NEGATIVES;
  }

  @Override
  public void addTo(Totals totals, int metric, double[] cells, int at) {
    totals.addTo(metric, 0, cells[at]);
    totals.addTo(metric, 1, cells[at + 1]);
  }
}
