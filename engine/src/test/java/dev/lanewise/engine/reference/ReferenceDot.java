package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Dot;
import java.util.List;

/**
 * The product of two signals, summed over an axis of each. A signal of one position is taken for
 * one without steps: the tests have no sequences of one step here.
 */
final class ReferenceDot implements ReferenceMerge {
  private final Dot layer;
  private Signal first = Signal.zeros(1, 1, 1);
  private Signal second = Signal.zeros(1, 1, 1);

  ReferenceDot(Dot layer) {
    this.layer = layer;
  }

  /** Returns a sample's vectors along the axis that is summed over, [left][summed]. */
  private static double[][] vectors(Signal x, int n, boolean overSteps) {
    int left = overSteps ? x.width() : x.positions();
    int sum = overSteps ? x.positions() : x.width();
    double[][] vectors = new double[left][sum];
    for (int i = 0; i < left; i++) {
      for (int k = 0; k < sum; k++) {
        vectors[i][k] = overSteps ? x.at()[k][n][i] : x.at()[i][n][k];
      }
    }
    return vectors;
  }

  private static boolean overSteps(int axis, Signal x) {
    return x.positions() > 1 && (axis == 1 || axis == -2);
  }

  private double[][] scaled(double[][] vectors) {
    double[][] all = new double[vectors.length][];
    for (int i = 0; i < all.length; i++) {
      double length = layer.normalize() ? length(vectors[i]) : 1;
      all[i] = java.util.Arrays.stream(vectors[i]).map(v -> v / length).toArray();
    }
    return all;
  }

  private static double length(double[] vector) {
    return Math.sqrt(java.util.Arrays.stream(vector).map(v -> v * v).sum());
  }

  @Override
  public Signal merge(List<Signal> read) {
    first = read.get(0);
    second = read.get(1);
    boolean a = overSteps(layer.firstAxis(), first);
    boolean b = overSteps(layer.secondAxis(), second);
    int n = vectors(first, 0, a).length;
    int m = vectors(second, 0, b).length;
    boolean oneRow = first.positions() == 1 || second.positions() == 1;
    Signal y = Signal.zeros(oneRow ? 1 : n, first.samples(), oneRow ? n * m : m);
    for (int s = 0; s < first.samples(); s++) {
      double[][] x = scaled(vectors(first, s, a));
      double[][] z = scaled(vectors(second, s, b));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
          for (int k = 0; k < x[i].length; k++) {
            y.at()[oneRow ? 0 : i][s][oneRow ? i * m + j : j] += x[i][k] * z[j][k];
          }
        }
      }
    }
    return y;
  }

  @Override
  public List<Signal> part(Signal dy, List<double[]> gradients) {
    boolean a = overSteps(layer.firstAxis(), first);
    boolean b = overSteps(layer.secondAxis(), second);
    Signal dFirst = Signal.zeros(first.positions(), first.samples(), first.width());
    Signal dSecond = Signal.zeros(second.positions(), second.samples(), second.width());
    for (int s = 0; s < first.samples(); s++) {
      double[][] x = scaled(vectors(first, s, a));
      double[][] z = scaled(vectors(second, s, b));
      double[][] dx = new double[x.length][x[0].length];
      double[][] dz = new double[z.length][z[0].length];
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < z.length; j++) {
          double d = dy.at().length == 1 ? dy.at()[0][s][i * z.length + j] : dy.at()[i][s][j];
          for (int k = 0; k < x[i].length; k++) {
            dx[i][k] += d * z[j][k];
            dz[j][k] += d * x[i][k];
          }
        }
      }
      leave(dx, x, vectors(first, s, a), dFirst, s, a);
      leave(dz, z, vectors(second, s, b), dSecond, s, b);
    }
    return List.of(dFirst, dSecond);
  }

  private void leave(
      double[][] d, double[][] unit, double[][] raw, Signal to, int s, boolean overSteps) {
    for (int i = 0; i < d.length; i++) {
      double along = 0;
      for (int k = 0; layer.normalize() && k < d[i].length; k++) {
        along += d[i][k] * unit[i][k];
      }
      double length = layer.normalize() ? length(raw[i]) : 1;
      for (int k = 0; k < d[i].length; k++) {
        to.at()[overSteps ? k : i][s][overSteps ? i : k] = (d[i][k] - along * unit[i][k]) / length;
      }
    }
  }
}
