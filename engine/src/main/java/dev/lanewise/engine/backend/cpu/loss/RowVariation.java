package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;

/**
 * How much targets vary, and how far outputs are from them: the sums of w and of the row's units,
 * then of each unit those of w t, w t^2 and w (y - t)^2.
 *
 * @param units of a row, of which each sample has one
 * @param weighted whether w is the row's weight, or else 1
 */
record RowVariation(int units, boolean weighted) implements RowMetric {
  private static final int OF_ALL = 2;
  private static final int OF_UNIT = 3;

  @Override
  public int cells() {
    return OF_ALL + OF_UNIT * units;
  }

  @Override
  public void measure(OutputRow row, double[] cells, int at) {
    double weight = weighted ? row.weight() : 1;
    cells[at] = weight;
    cells[at + 1] = row.units();
    int next = at + OF_ALL;
    for (int c = 0; c < row.units(); c++) {
      double target = row.target(c);
      double error = row.output(c) - target;
      cells[next] = weight * target;
      cells[next + 1] = weight * target * target;
      cells[next + 2] = weight * error * error;
      next += OF_UNIT;
    }
  }

  @Override
  public void addTo(Totals totals, int metric, double[] cells, int at) {
    for (int i = 0; i < cells(); i++) {
      totals.addTo(metric, i, cells[at + i]);
    }
  }
}
