package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;
import org.jspecify.annotations.Nullable;

/**
 * Of each unit the sums of w over true positives, false positives and false negatives. A target
 * between 0 and 1 is a share of each.
 *
 * @param threshold above which an output says yes; null if the largest do, unless they are 0
 * @param units of a row, of which each sample has one
 * @param weighted whether w is the row's weight, or else 1
 */
record RowCalls(@Nullable Double threshold, int units, boolean weighted) implements RowMetric {
  private static final int OF_UNIT = 3;

  /** Keras's, below which an output is none. */
  private static final double LEAST = 1e-9;

  @Override
  public int cells() {
    return OF_UNIT * units;
  }

  @Override
  public void measure(OutputRow row, double[] cells, int at) {
    double weight = weighted ? row.weight() : 1;
    double largest = threshold == null ? largest(row) : 0;
    int next = at;
    for (int c = 0; c < row.units(); c++) {
      double called = isCalled(row.output(c), largest) ? weight : 0;
      double target = row.target(c);
      cells[next] = called * target;
      cells[next + 1] = called * (1 - target);
      cells[next + 2] = (weight - called) * target;
      next += OF_UNIT;
    }
  }

  /** As float32, in which Keras compares. */
  private boolean isCalled(double output, double largest) {
    return threshold == null
        ? output >= largest && Math.abs(output) > LEAST
        : (float) output > threshold.floatValue();
  }

  private static double largest(OutputRow row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < row.units(); c++) {
      largest = Math.max(largest, row.output(c));
    }
    return largest;
  }

  @Override
  public void addTo(Totals totals, int metric, double[] cells, int at) {
    for (int i = 0; i < cells(); i++) {
      totals.addTo(metric, i, cells[at + i]);
    }
  }
}
