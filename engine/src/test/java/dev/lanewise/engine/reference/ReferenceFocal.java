package dev.lanewise.engine.reference;

import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import java.util.Arrays;

/** Focal crossentropies of a row by the products of their factors, each with its derivative. */
final class ReferenceFocal {
  private ReferenceFocal() {}

  /**
   * Returns the mean of w far^gamma b.
   *
   * @param clip whether b is of clipped outputs; otherwise of outputs as they are
   */
  static double binary(
      BinaryFocalCrossentropy loss, double[] y, double[] targets, boolean clip, double[] g) {
    double[] t = ReferenceLoss.smoothed(targets, loss.labelSmoothing(), 2);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      boolean logits = loss.fromLogits();
      double p = logits ? 1 / (1 + Math.exp(-y[i])) : y[i];
      double byInput = logits ? p * (1 - p) : 1;
      double inLog = clip && !logits ? ReferenceLoss.clipped(p) : p;
      double b = -(t[i] * Math.log(inLog) + (1 - t[i]) * Math.log(1 - inLog));
      double slopeOfB = inLog == p ? (1 - t[i]) / (1 - p) - t[i] / p : 0;
      double far = 1 - (t[i] * p + (1 - t[i]) * (1 - p));
      double slopeOfFar = 1 - 2 * t[i];
      double weight =
          loss.applyClassBalancing() ? t[i] * loss.alpha() + (1 - t[i]) * (1 - loss.alpha()) : 1;
      double power = Math.pow(far, loss.gamma());
      double slopeOfPower =
          loss.gamma() == 0 ? 0 : loss.gamma() * Math.pow(far, loss.gamma() - 1) * slopeOfFar;
      sum += weight * power * b / y.length;
      g[i] = weight * (slopeOfPower * b + power * slopeOfB) * byInput / y.length;
    }
    return sum;
  }

  /** Returns -alpha sum (1 - p)^gamma t ln p with p = y / sum y, clipped. */
  static double categorical(
      CategoricalFocalCrossentropy loss, double[] y, double[] targets, double[] g) {
    double[] t = ReferenceLoss.smoothed(targets, loss.labelSmoothing(), y.length);
    double max = Arrays.stream(y).max().orElseThrow();
    double[] parts = loss.fromLogits() ? Arrays.stream(y).map(z -> Math.exp(z - max)).toArray() : y;
    double total = Arrays.stream(parts).sum();
    double gamma = loss.gamma();
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      double p = parts[i] / total;
      double inLog = ReferenceLoss.clipped(p);
      sum -= loss.alpha() * Math.pow(1 - inLog, gamma) * t[i] * Math.log(inLog);
      if (!ReferenceLoss.inside(p)) {
        continue;
      }
      double ofPower = gamma == 0 ? 0 : -gamma * Math.pow(1 - p, gamma - 1) * Math.log(p);
      double slope = -loss.alpha() * t[i] * (ofPower + Math.pow(1 - p, gamma) / p);
      for (int j = 0; j < y.length; j++) {
        double byPart = ((i == j ? 1 : 0) - p) / total; // of p_i by part j
        g[j] += slope * byPart * (loss.fromLogits() ? parts[j] : 1);
      }
    }
    return sum;
  }
}
