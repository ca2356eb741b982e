package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;

/**
 * A mean of rows' values: the sums of w v and w.
 *
 * @param value of a row
 * @param weighted whether w is the row's weight, or else 1
 */
record RowMean(RowValue value, boolean weighted) implements RowMetric {
  @Override
  public int cells() {
    return 2;
  }

  @Override
  public void measure(OutputRow row, double[] cells, int at) {
    double weight = weighted ? row.weight() : 1;
    cells[at] += weight * value.of(row);
    cells[at + 1] += weight;
  }

  @Override
  public void addTo(Totals totals, int metric, double[] cells, int at) {
    totals.addTo(metric, 0, cells[at]);
    totals.addTo(metric, 1, cells[at + 1]);
  }
}
