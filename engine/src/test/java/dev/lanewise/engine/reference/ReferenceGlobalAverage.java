package dev.lanewise.engine.reference;

import java.util.List;

/** The mean over all steps. */
final class ReferenceGlobalAverage implements ReferenceLayer {
  private int steps;

  @Override
  public Signal forward(Signal x) {
    steps = x.positions();
    Signal mean = Signal.zeros(1, x.samples(), x.width());
    for (int n = 0; n < x.samples(); n++) {
      for (int c = 0; c < x.width(); c++) {
        for (int t = 0; t < steps; t++) {
          mean.at()[0][n][c] += x.at()[t][n][c] / steps;
        }
      }
    }
    return mean;
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(steps, dy.samples(), dy.width());
    return dx.map(
        (p, n, row) -> {
          for (int c = 0; c < row.length; c++) {
            row[c] = dy.at()[0][n][c] / steps;
          }
          return row;
        });
  }
}
