package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.LayerNormalization;
import java.util.Arrays;
import java.util.List;

/**
 * {@link LayerNormalization}. The way back goes through the mean and the variance one after the
 * other, not by the formula that joins them.
 */
final class ReferenceLayerNormalization implements ReferenceLayer {
  private final LayerNormalization layer;
  private final List<double[]> weights;
  private Signal input;

  ReferenceLayerNormalization(LayerNormalization layer, List<double[]> weights) {
    this.layer = layer;
    this.weights = weights;
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).sum() / x.length;
  }

  private static double variance(double[] x) {
    double mean = mean(x);
    return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / x.length;
  }

  private double gamma(int column) {
    return layer.scale() ? weights.getFirst()[column] : 1;
  }

  private double beta(int column) {
    return layer.center() ? weights.getLast()[column] : 0;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    return x.map(
        (p, n, row) -> {
          double mean = mean(row);
          double deviation = Math.sqrt(variance(row) + layer.epsilon());
          double[] y = new double[row.length];
          for (int c = 0; c < y.length; c++) {
            y[c] = (row[c] - mean) / deviation * gamma(c) + beta(c);
          }
          return y;
        });
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return input.map((p, n, row) -> backward(row, dy.at()[p][n], gradients));
  }

  private double[] backward(double[] x, double[] dy, List<double[]> gradients) {
    int width = x.length;
    double mean = mean(x);
    double deviation = Math.sqrt(variance(x) + layer.epsilon());
    double ofVariance = 0;
    double ofMean = 0;
    double[] dn = new double[width];
    for (int c = 0; c < width; c++) {
      dn[c] = dy[c] * gamma(c);
      ofVariance -= dn[c] * (x[c] - mean) / 2 / (deviation * deviation * deviation);
      ofMean -= dn[c] / deviation;
      if (layer.scale()) {
        gradients.getFirst()[c] += dy[c] * (x[c] - mean) / deviation;
      }
      if (layer.center()) {
        gradients.getLast()[c] += dy[c];
      }
    }
    double[] dx = new double[width];
    for (int c = 0; c < width; c++) {
      dx[c] = dn[c] / deviation + ofVariance * 2 * (x[c] - mean) / width + ofMean / width;
    }
    return dx;
  }
}
