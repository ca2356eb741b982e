package dev.lanewise.engine.backend.cpu.loss;

/** max(n - p + 1, 0) with p = sum t y and n = max (1 - t) y. */
record RowCategoricalMargin() implements RowLoss {
  /** Equal maxima share the gradient; at 0 there still is one: both as in TensorFlow. */
  @Override
  public double of(OutputRow row, RowGradient gradient, float scale) {
    int units = row.units();
    double own = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < units; c++) {
      own += row.target(c) * row.output(c);
      largest = Math.max(largest, other(row, c));
    }
    int equal = 0;
    for (int c = 0; c < units; c++) {
      equal += other(row, c) == largest ? 1 : 0;
    }
    double lack = largest - own + 1;
    for (int c = 0; c < units; c++) {
      double target = row.target(c);
      double above = other(row, c) == largest ? (1 - target) / equal : 0;
      gradient.setGradient(c, lack < 0 ? 0 : (float) ((above - target) * scale));
    }
    return Math.max(lack, 0);
  }

  private static double other(OutputRow row, int unit) {
    return (1 - row.target(unit)) * row.output(unit);
  }
}
