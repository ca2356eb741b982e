package dev.lanewise.engine.backend.cpu.loss;

/** What a mean is taken of: a value of each row, in double precision. */
interface RowValue {
  /** Returns the value of a row. */
  double of(OutputRow row);

  /** Whether the largest output, the first on ties, is at the target's class. */
  RowValue CATEGORICAL_ACCURACY = row -> RowConfusion.largest(row) == row.targetClass() ? 1 : 0;

  /** Of one output, whether it is on its target's side of a half; of several, the largest. */
  RowValue ACCURACY =
      row -> row.units() == 1 ? correctSides(row, 0.5) : CATEGORICAL_ACCURACY.of(row);

  /**
   * What a loss says of a row.
   *
   * @param sign by which it is multiplied
   */
  static RowValue of(RowLoss loss, int sign) {
    return row -> sign * loss.of(row, RowGradient.NONE, 0);
  }

  /** The share of outputs on their target's side of a threshold. */
  static RowValue binaryAccuracy(double threshold) {
    return row -> correctSides(row, threshold);
  }

  /** An output is 1 above the threshold and 0 elsewhere; a target of neither is never met. */
  private static double correctSides(OutputRow row, double threshold) {
    int correct = 0;
    for (int c = 0; c < row.units(); c++) {
      correct += row.target(c) == (row.output(c) > threshold ? 1 : 0) ? 1 : 0;
    }
    return (double) correct / row.units();
  }

  /**
   * Whether fewer than k outputs are larger than that at the target's class, which is a number; a
   * class without an output, as a label may be that is a number, is not among them.
   */
  static RowValue amongLargest(int k) {
    return row -> {
      int own = row.targetClass();
      if (own >= row.units() || !Double.isFinite(row.output(own))) {
        return 0;
      }
      int larger = 0;
      for (int c = 0; c < row.units(); c++) {
        larger += row.output(c) > row.output(own) ? 1 : 0;
      }
      return larger < k ? 1 : 0;
    };
  }
}
