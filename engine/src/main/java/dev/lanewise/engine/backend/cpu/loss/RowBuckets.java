package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.Totals;

/**
 * Sums of w over the positive and the negative outputs by where they are between thresholds that
 * divide [0, 1] evenly. Each output has two cells: the number of its sum, and w.
 *
 * @param thresholds how many
 * @param outputs the values of one sample's output
 * @param weighted whether w is the row's weight, or else 1
 */
record RowBuckets(int thresholds, int outputs, boolean weighted) implements RowMetric {
  @Override
  public int cells() {
    return 2 * outputs;
  }

  @Override
  public void measure(OutputRow row, double[] cells, int at) {
    double weight = weighted ? row.weight() : 1;
    int next = at + 2 * row.position() * row.units();
    for (int c = 0; c < row.units(); c++) {
      cells[next] = row.target(c) != 0 ? bucket(row.output(c)) : thresholds + bucket(row.output(c));
      cells[next + 1] = weight;
      next += 2;
    }
  }

  /** An output at a threshold belongs below it; Keras, too, divides in float32. */
  private int bucket(double output) {
    float scaled = Math.clamp((float) output, 0, 1) * (thresholds - 1);
    return Math.max(0, (int) Math.ceil(scaled) - 1);
  }

  @Override
  public void addTo(Totals totals, int metric, double[] cells, int at) {
    for (int i = at; i < at + 2 * outputs; i += 2) {
      totals.addTo(metric, (int) cells[i], cells[i + 1]);
    }
  }
}
