package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.UnitNormalization;
import java.util.List;

/**
 * {@link UnitNormalization} of sequences along other axes than the last, by its formula alone;
 * gradients are central differences.
 */
final class ReferenceUnitNormalization implements ReferenceLayer {
  private static final double H = 1e-6;

  private final boolean ofSteps;
  private final boolean ofFeatures;
  private Signal input;

  ReferenceUnitNormalization(UnitNormalization layer) {
    ofSteps = layer.axes().contains(1);
    ofFeatures = layer.axes().contains(2) || layer.axes().contains(-1);
  }

  private double result(int position, int sample, int column) {
    double squares = 0;
    for (int p = 0; p < input.positions(); p++) {
      for (int c = 0; c < input.width(); c++) {
        boolean along = (ofSteps || p == position) && (ofFeatures || c == column);
        squares += along ? input.at()[p][sample][c] * input.at()[p][sample][c] : 0;
      }
    }
    return input.at()[position][sample][column] / Math.sqrt(squares);
  }

  private double sum(Signal dy, int sample) {
    double sum = 0;
    for (int p = 0; p < dy.positions(); p++) {
      for (int c = 0; c < dy.width(); c++) {
        sum += result(p, sample, c) * dy.at()[p][sample][c];
      }
    }
    return sum;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    return x.map(
        (p, n, row) -> {
          double[] y = new double[row.length];
          for (int c = 0; c < y.length; c++) {
            y[c] = result(p, n, c);
          }
          return y;
        });
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return input.map(
        (p, n, row) -> {
          double[] slopes = new double[row.length];
          for (int c = 0; c < row.length; c++) {
            double own = row[c];
            row[c] = own + H;
            slopes[c] = sum(dy, n);
            row[c] = own - H;
            slopes[c] = (slopes[c] - sum(dy, n)) / (2 * H);
            row[c] = own;
          }
          return slopes;
        });
  }
}
