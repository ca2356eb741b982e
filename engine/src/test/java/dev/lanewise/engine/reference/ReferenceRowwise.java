package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.UnitNormalization;
import java.util.List;

/**
 * A layer that makes of each vector another, by its formula alone; gradients by the input, and by
 * what it learns, are central differences.
 */
final class ReferenceRowwise implements ReferenceLayer {
  private static final double H = 1e-6;

  private final Rowwise layer;
  private final double[] alpha;
  private Signal input;

  private ReferenceRowwise(Rowwise layer, double[] alpha) {
    this.layer = layer;
    this.alpha = alpha;
  }

  static ReferenceRowwise of(Rowwise layer, List<double[]> weights) {
    return new ReferenceRowwise(layer, weights.isEmpty() ? new double[0] : weights.getFirst());
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    Signal y = x.map((p, n, row) -> result(p, row));
    return layer instanceof RmsNormalization ? y.masked(null) : y;
  }

  /** Whatever is shared: what alpha has for an element recurs by position or feature. */
  private int place(int position, int c) {
    int width = input.width();
    boolean ofSteps = alpha.length == input.positions() && alpha.length != width;
    return alpha.length == 1 ? 0 : ofSteps ? position : (position * width + c) % alpha.length;
  }

  private double[] result(int position, double[] x) {
    double[] y = new double[x.length];
    double squares = 0;
    for (double each : x) {
      squares += each * each;
    }
    for (int c = 0; c < x.length; c++) {
      y[c] =
          switch (layer) {
            case Relu relu -> {
              double most = relu.maxValue() == null ? 1e300 : relu.maxValue();
              double from = relu.threshold();
              yield x[c] > from ? Math.min(x[c], most) : relu.negativeSlope() * (x[c] - from);
            }
            case Elu elu -> x[c] > 0 ? x[c] : elu.alpha() * Math.expm1(x[c]);
            case Prelu learnt -> x[c] > 0 ? x[c] : alpha[place(position, c)] * x[c];
            case UnitNormalization unit -> x[c] / Math.sqrt(squares);
            case RmsNormalization rms ->
                alpha[c] * x[c] / Math.sqrt(squares / x.length + rms.epsilon());
            case ActivityRegularization _ -> x[c];
            case Noise noise -> throw new IllegalStateException("draws have tests of their own");
          };
    }
    return y;
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    for (int i = 0; i < alpha.length; i++) {
      double own = alpha[i];
      for (int sign = -1; sign <= 1; sign += 2) {
        alpha[i] = own + sign * H;
        for (int p = 0; p < dy.positions(); p++) {
          for (int n = 0; n < dy.samples(); n++) {
            double sum = dot(result(p, input.at()[p][n]), dy.at()[p][n]);
            gradients.getFirst()[i] += sign * sum / (2 * H);
          }
        }
      }
      alpha[i] = own;
    }
    return input.map((p, n, row) -> slopes(p, row, dy.at()[p][n]));
  }

  private double[] slopes(int position, double[] x, double[] dy) {
    double[] slopes = new double[x.length];
    for (int c = 0; c < x.length; c++) {
      double own = x[c];
      for (int sign = -1; sign <= 1; sign += 2) {
        x[c] = own + sign * H;
        slopes[c] += sign * dot(result(position, x), dy) / (2 * H);
      }
      x[c] = own;
    }
    return slopes;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
