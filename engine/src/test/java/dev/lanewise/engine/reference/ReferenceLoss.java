package dev.lanewise.engine.reference;

import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalHinge;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Hinge;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.MeanAbsolutePercentageError;
import dev.lanewise.engine.loss.MeanSquaredError;
import dev.lanewise.engine.loss.MeanSquaredLogarithmicError;
import dev.lanewise.engine.loss.Poisson;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.loss.SquaredHinge;
import java.util.Arrays;

/**
 * Mean losses over rows of outputs (samples times positions) and their gradients: each formula as
 * it stands in a book, with its derivative by the chain rule.
 */
public record ReferenceLoss(double value, double[] gradient) {
  private static final double EPSILON = 1e-7;

  /**
   * Returns the loss of final outputs; of logits, if the loss says that it takes them.
   *
   * @param clip whether crossentropy clips probabilities, as it does where its own activation is
   *     not last
   */
  public static ReferenceLoss of(Loss loss, double[] y, double[] target, int width, boolean clip) {
    double[] all = new double[y.length / width];
    Arrays.fill(all, 1);
    return weighted(loss, y, target, width, clip, all);
  }

  /** Returns the same with a weight a row, which does not enter the divisor. */
  public static ReferenceLoss weighted(
      Loss loss, double[] y, double[] target, int width, boolean clip, double[] weights) {
    boolean[] all = new boolean[y.length / width];
    Arrays.fill(all, true);
    return masked(loss, y, target, width, clip, weights, all);
  }

  /** Returns the same over those rows alone that a mask lets count, 0 where none do. */
  public static ReferenceLoss masked(
      Loss loss,
      double[] y,
      double[] target,
      int width,
      boolean clip,
      double[] weights,
      boolean[] mask) {
    double[] gradient = new double[y.length];
    double sum = 0;
    int rows = 0;
    for (boolean counts : mask) {
      rows += counts ? 1 : 0;
    }
    for (int r = 0; r < mask.length; r++) {
      if (!mask[r]) {
        continue;
      }
      double[] row = Arrays.copyOfRange(y, r * width, (r + 1) * width);
      double[] t = Arrays.copyOfRange(target, r * width, (r + 1) * width);
      double[] slope = new double[width];
      sum += weights[r] * row(loss, row, t, clip, slope);
      for (int i = 0; i < width; i++) {
        gradient[r * width + i] = weights[r] * slope[i] / rows;
      }
    }
    return new ReferenceLoss(rows == 0 ? 0 : sum / rows, gradient);
  }

  private static double row(Loss loss, double[] y, double[] t, boolean clip, double[] g) {
    return switch (loss) {
      case CategoricalCrossentropy(boolean logits, double smoothing) -> {
        double[] smoothed = smoothed(t, smoothing, t.length);
        yield logits ? softmax(y, smoothed, g) : crossentropy(y, smoothed, clip, g);
      }
      case SparseCategoricalCrossentropy(boolean logits) -> {
        if (!logits && clip) {
          yield clippedFirst(y, t, g);
        }
        yield logits ? softmax(y, t, g) : crossentropy(y, t, false, g);
      }
      case BinaryCrossentropy(boolean logits, double smoothing) -> {
        double[] smoothed = smoothed(t, smoothing, 2);
        yield logits ? sigmoid(y, smoothed, g) : binary(y, smoothed, clip, g);
      }
      case KlDivergence _ -> divergence(y, t, g);
      case CosineSimilarity _ -> cosine(y, t, g);
      case BinaryFocalCrossentropy focal -> ReferenceFocal.binary(focal, y, t, clip, g);
      case CategoricalFocalCrossentropy focal -> ReferenceFocal.categorical(focal, y, t, g);
      case CategoricalHinge _ -> categoricalHinge(y, t, g);
      case Ctc _ -> throw new IllegalArgumentException("ctc is of no row: ReferenceCtc has it");
      case MeanSquaredError _,
          MeanAbsoluteError _,
          MeanAbsolutePercentageError _,
          MeanSquaredLogarithmicError _,
          Poisson _,
          Hinge _,
          SquaredHinge _,
          Huber _,
          LogCosh _ ->
          error(loss, y, t, g);
    };
  }

  static double[] smoothed(double[] t, double share, int among) {
    return Arrays.stream(t).map(value -> value * (1 - share) + share / among).toArray();
  }

  private static double error(Loss loss, double[] y, double[] t, double[] g) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      double e = y[i] - t[i];
      double[] valueAndSlope =
          switch (loss) {
            case MeanSquaredError _ -> new double[] {e * e, 2 * e};
            case MeanAbsoluteError _ -> new double[] {Math.abs(e), Math.signum(e)};
            case Huber(double delta) when Math.abs(e) > delta ->
                new double[] {delta * Math.abs(e) - delta * delta / 2, delta * Math.signum(e)};
            case Huber _ -> new double[] {e * e / 2, e};
            case LogCosh _ -> new double[] {Math.log(Math.cosh(e)), Math.tanh(e)};
            case MeanAbsolutePercentageError _ -> {
              double size = Math.max(Math.abs(t[i]), EPSILON);
              yield new double[] {100 * Math.abs(e) / size, 100 * Math.signum(e) / size};
            }
            case MeanSquaredLogarithmicError _ -> {
              double p = Math.max(y[i], EPSILON) + 1;
              double ratio = Math.log(p / (Math.max(t[i], EPSILON) + 1));
              yield new double[] {ratio * ratio, y[i] < EPSILON ? 0 : 2 * ratio / p};
            }
            case Poisson _ ->
                new double[] {y[i] - t[i] * Math.log(y[i] + EPSILON), 1 - t[i] / (y[i] + EPSILON)};
            case Hinge _ -> hinge(y[i], sign(t[i]));
            case SquaredHinge _ -> {
              double[] plain = hinge(y[i], sign(t[i]));
              yield new double[] {plain[0] * plain[0], 2 * plain[0] * plain[1]};
            }
            default -> throw new IllegalArgumentException(loss + " is no function of a unit");
          };
      sum += valueAndSlope[0] / y.length;
      g[i] = valueAndSlope[1] / y.length;
    }
    return sum;
  }

  private static double sign(double t) {
    return t == 0 ? -1 : t;
  }

  private static double[] hinge(double y, double t) {
    return t * y > 1 ? new double[] {0, 0} : new double[] {1 - t * y, -t};
  }

  private static double categoricalHinge(double[] y, double[] t, double[] g) {
    double pos = 0;
    double[] others = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      pos += t[i] * y[i];
      others[i] = (1 - t[i]) * y[i];
    }
    double neg = Arrays.stream(others).max().orElseThrow();
    long ties = Arrays.stream(others).filter(value -> value == neg).count();
    for (int i = 0; i < y.length && neg - pos + 1 >= 0; i++) {
      g[i] = (others[i] == neg ? (1 - t[i]) / ties : 0) - t[i];
    }
    return Math.max(neg - pos + 1, 0);
  }

  private static double softmax(double[] z, double[] t, double[] g) {
    double max = Arrays.stream(z).max().orElseThrow();
    double sum = Arrays.stream(z).map(value -> Math.exp(value - max)).sum();
    double loss = 0;
    for (int i = 0; i < z.length; i++) {
      loss += t[i] * (Math.log(sum) + max - z[i]);
      g[i] = Math.exp(z[i] - max) / sum - t[i];
    }
    return loss;
  }

  private static double sigmoid(double[] z, double[] t, double[] g) {
    double loss = 0;
    for (int i = 0; i < z.length; i++) {
      // -t ln s(z) - (1 - t) ln s(-z), where -ln s(z) = ln(1 + e^-z)
      loss += (t[i] * softplus(-z[i]) + (1 - t[i]) * softplus(z[i])) / z.length;
      g[i] = (1 / (1 + Math.exp(-z[i])) - t[i]) / z.length;
    }
    return loss;
  }

  static double softplus(double x) {
    return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
  }

  private static double crossentropy(double[] y, double[] t, boolean clip, double[] g) {
    double total = Arrays.stream(y).sum();
    double loss = 0;
    for (int i = 0; i < y.length; i++) {
      double p = y[i] / total;
      loss -= t[i] * Math.log(clip ? clipped(p) : p);
      if (!clip || inside(p)) {
        g[i] -= t[i] / y[i];
        for (int j = 0; j < y.length; j++) {
          g[j] += t[i] / total;
        }
      }
    }
    return loss;
  }

  private static double clippedFirst(double[] y, double[] t, double[] g) {
    double sum = Arrays.stream(y).map(ReferenceLoss::clipped).sum();
    double loss = 0;
    for (int i = 0; i < y.length; i++) {
      loss += t[i] * (Math.log(sum) - Math.log(clipped(y[i])));
      g[i] = inside(y[i]) ? 1 / sum - t[i] / y[i] : 0;
    }
    return loss;
  }

  private static double binary(double[] y, double[] t, boolean clip, double[] g) {
    double loss = 0;
    for (int i = 0; i < y.length; i++) {
      double p = clip ? clipped(y[i]) : y[i];
      loss -= (t[i] * Math.log(p) + (1 - t[i]) * Math.log(1 - p)) / y.length;
      g[i] = clip && !inside(y[i]) ? 0 : ((1 - t[i]) / (1 - p) - t[i] / p) / y.length;
    }
    return loss;
  }

  private static double divergence(double[] y, double[] t, double[] g) {
    double loss = 0;
    for (int i = 0; i < y.length; i++) {
      double p = Math.clamp(y[i], EPSILON, 1);
      double target = Math.clamp(t[i], EPSILON, 1);
      loss += target * Math.log(target / p);
      g[i] = y[i] == p ? -target / p : 0;
    }
    return loss;
  }

  private static double cosine(double[] y, double[] t, double[] g) {
    double length = Math.max(norm(y), EPSILON);
    double others = Math.max(norm(t), EPSILON);
    double cosine = 0;
    for (int i = 0; i < y.length; i++) {
      cosine += y[i] / length * (t[i] / others);
    }
    for (int i = 0; i < y.length; i++) {
      double turning = norm(y) > EPSILON ? cosine * y[i] / length : 0;
      g[i] = (turning - t[i] / others) / length;
    }
    return -cosine;
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(value -> value * value).sum());
  }

  static double clipped(double p) {
    return Math.clamp(p, EPSILON, 1 - EPSILON);
  }

  static boolean inside(double p) {
    return p >= EPSILON && p <= 1 - EPSILON;
  }
}
