package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.metric.IoU;

/**
 * Sums of w by the class that is and that which is called. Each that is called has two cells: the
 * number of its sum, and w, which is 0 where one of them is no class.
 *
 * @param measure whose classes they are
 * @param outputs the values of one sample's output
 * @param weighted whether w is the row's weight, or else 1
 */
record RowConfusion(IoU measure, int outputs, boolean weighted) implements RowMetric {
  @Override
  public int cells() {
    return 2 * outputs;
  }

  @Override
  public void measure(OutputRow row, double[] cells, int at) {
    double weight = weighted ? row.weight() : 1;
    weight = measure.wholeWeights() ? (long) weight : weight;
    int next = at + 2 * row.position() * row.units();
    if (measure.call() instanceof IoU.Call.Largest) {
      put(row.targetClass(), largest(row), weight, cells, next);
      return;
    }
    for (int c = 0; c < row.units(); c++) {
      put(whole(row.target(c)), called(row.output(c)), weight, cells, next);
      next += 2;
    }
  }

  private void put(int is, int called, double weight, double[] cells, int at) {
    Integer ignored = measure.ignoreClass();
    boolean counts = isClass(is) && isClass(called) && (ignored == null || is != ignored);
    cells[at] = counts ? is * measure.numClasses() + called : 0;
    cells[at + 1] = counts ? weight : 0;
  }

  private boolean isClass(int number) {
    return number >= 0 && number < measure.numClasses();
  }

  private int called(double output) {
    return measure.call() instanceof IoU.Call.From from
        ? (float) output >= (float) from.threshold() ? 1 : 0
        : whole(output);
  }

  /** Cut, as Keras does; what is no number is no class. */
  private static int whole(double value) {
    return Double.isNaN(value) ? -1 : (int) value;
  }

  /** Returns the unit of the largest output, the first on ties. */
  static int largest(OutputRow row) {
    int best = 0;
    for (int c = 1; c < row.units(); c++) {
      best = row.output(c) > row.output(best) ? c : best;
    }
    return best;
  }

  @Override
  public void addTo(Totals totals, int metric, double[] cells, int at) {
    for (int i = at; i < at + 2 * outputs; i += 2) {
      totals.addTo(metric, (int) cells[i], cells[i + 1]);
    }
  }
}
