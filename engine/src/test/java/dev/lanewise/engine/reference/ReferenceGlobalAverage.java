package dev.lanewise.engine.reference;

import java.util.List;

/** The mean over all steps that count. */
final class ReferenceGlobalAverage implements ReferenceLayer {
  private Signal input;

  @Override
  public Signal forward(Signal x) {
    input = x;
    Signal mean = Signal.zeros(1, x.samples(), x.width());
    for (int n = 0; n < x.samples(); n++) {
      for (int c = 0; c < x.width(); c++) {
        for (int t = 0; t < x.positions(); t++) {
          mean.at()[0][n][c] += x.uses(t, n) ? x.at()[t][n][c] / steps(n) : 0;
        }
      }
    }
    return mean;
  }

  private int steps(int sample) {
    int count = 0;
    for (int t = 0; t < input.positions(); t++) {
      count += input.uses(t, sample) ? 1 : 0;
    }
    return count;
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(input.positions(), dy.samples(), dy.width());
    return dx.map(
        (p, n, row) -> {
          for (int c = 0; c < row.length; c++) {
            row[c] = input.uses(p, n) ? dy.at()[0][n][c] / steps(n) : 0;
          }
          return row;
        });
  }
}
