package dev.lanewise.engine.backend.cpu.loss;

/**
 * The cosine between a row's outputs and its targets, each divided by its length or by 1e-7 if that
 * is more.
 */
final class RowCosine implements RowLoss {
  private static final double LEAST = 1e-7;

  private static double dot(OutputRow row) {
    double dot = 0;
    for (int c = 0; c < row.units(); c++) {
      dot += row.output(c) * row.target(c);
    }
    return dot;
  }

  private static double outputLength(OutputRow row) {
    double squares = 0;
    for (int c = 0; c < row.units(); c++) {
      squares += row.output(c) * row.output(c);
    }
    return Math.sqrt(squares);
  }

  private static double targetLength(OutputRow row) {
    double squares = 0;
    for (int c = 0; c < row.units(); c++) {
      squares += row.target(c) * row.target(c);
    }
    return Math.sqrt(squares);
  }

  private static double bounded(double length) {
    return Math.max(length, LEAST);
  }

  /** -cos, whose gradient is (cos y / |y| - t / |t|) / |y|; without cos where |y| is bounded. */
  @Override
  public double of(OutputRow row, RowGradient gradient, float scale) {
    double length = outputLength(row);
    double own = bounded(length);
    double others = bounded(targetLength(row));
    double cosine = dot(row) / (own * others);
    double turned = length > LEAST ? cosine : 0;
    for (int c = 0; c < row.units(); c++) {
      double slope = (turned * row.output(c) / own - row.target(c) / others) / own;
      gradient.setGradient(c, (float) (slope * scale));
    }
    return -cosine;
  }
}
