package dev.lanewise.engine.reference;

import java.util.List;

/** The maximum over all steps; those that have it share its gradient. */
final class ReferenceGlobalMax implements ReferenceLayer {
  private Signal input;
  private Signal output;

  @Override
  public Signal forward(Signal x) {
    input = x;
    output = Signal.zeros(1, x.samples(), x.width());
    for (int n = 0; n < x.samples(); n++) {
      for (int c = 0; c < x.width(); c++) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < x.positions(); t++) {
          largest = Math.max(largest, x.at()[t][n][c]);
        }
        output.at()[0][n][c] = largest;
      }
    }
    return output;
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(input.positions(), input.samples(), input.width());
    for (int n = 0; n < dy.samples(); n++) {
      for (int c = 0; c < dy.width(); c++) {
        int sharers = 0;
        for (int t = 0; t < input.positions(); t++) {
          sharers += input.at()[t][n][c] == output.at()[0][n][c] ? 1 : 0;
        }
        for (int t = 0; t < input.positions(); t++) {
          if (input.at()[t][n][c] == output.at()[0][n][c]) {
            dx.at()[t][n][c] = dy.at()[0][n][c] / sharers;
          }
        }
      }
    }
    return dx;
  }
}
