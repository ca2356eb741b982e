package dev.lanewise.engine.reference;

import dev.lanewise.engine.loss.Loss;

/** Mean losses over rows of outputs (samples times positions) and their gradients. */
public record ReferenceLoss(double value, double[] gradient) {
  private static final double EPSILON = 1e-7;

  /**
   * Returns the loss of final outputs.
   *
   * @param clip whether crossentropy clips probabilities, as it does where no softmax is last
   */
  public static ReferenceLoss of(Loss loss, double[] y, double[] target, int width, boolean clip) {
    double[] gradient = new double[y.length];
    int rows = y.length / width;
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      sum +=
          loss == Loss.MEAN_SQUARED_ERROR
              ? squared(y, target, gradient, r * width, width)
              : crossentropy(y, target, gradient, r * width, width, clip);
    }
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= rows;
    }
    return new ReferenceLoss(sum / rows, gradient);
  }

  private static double squared(double[] y, double[] t, double[] g, int from, int width) {
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      sum += (y[i] - t[i]) * (y[i] - t[i]) / width;
      g[i] = 2 * (y[i] - t[i]) / width;
    }
    return sum;
  }

  private static double crossentropy(
      double[] y, double[] t, double[] g, int from, int width, boolean clip) {
    double total = 0;
    for (int i = from; i < from + width; i++) {
      total += y[i];
    }
    double loss = 0;
    for (int i = from; i < from + width; i++) {
      double p = y[i] / total;
      boolean inside = !clip || (p >= EPSILON && p <= 1 - EPSILON);
      loss -= t[i] * Math.log(clip ? Math.clamp(p, EPSILON, 1 - EPSILON) : p);
      if (inside) {
        g[i] -= t[i] / y[i];
        for (int j = from; j < from + width; j++) {
          g[j] += t[i] / total;
        }
      }
    }
    return loss;
  }
}
