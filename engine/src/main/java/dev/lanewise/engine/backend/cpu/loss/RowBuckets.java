package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;

/**
 * Sums of w over the positive and the negative outputs by where they are between thresholds. Each
 * output has two cells: the number of its sum, and w.
 *
 * @param thresholds between which they are
 * @param selection which outputs are looked at
 * @param outputs the values of one sample's output
 * @param weighted whether w is the row's weight, or else 1
 */
record RowBuckets(Thresholds thresholds, RowSelection selection, int outputs, boolean weighted)
    implements RowMetric {
  @Override
  public int cells() {
    return 2 * outputs;
  }

  @Override
  public void measure(OutputRow row, double[] cells, int at) {
    double weight = weighted ? row.weight() : 1;
    int next = at + 2 * row.position() * row.units();
    int end = selection.end(row);
    for (int c = selection.first(); c < end; c++) {
      int bucket = thresholds.bucketOf(row.output(c));
      cells[next] = row.target(c) != 0 ? bucket : thresholds.buckets() + bucket;
      cells[next + 1] = weight;
      next += 2;
    }
  }

  @Override
  public void addTo(Totals totals, int metric, double[] cells, int at) {
    for (int i = at; i < at + 2 * outputs; i += 2) {
      totals.addTo(metric, (int) cells[i], cells[i + 1]);
    }
  }
}
