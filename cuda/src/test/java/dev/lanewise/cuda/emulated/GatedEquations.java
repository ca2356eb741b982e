package dev.lanewise.cuda.emulated;

/**
 * What an LSTM or a GRU with reset after computes of one sequence, and the gradients of {@code sum
 * (above . h)}, in double and from the equations: nothing here is shared with a backend.
 *
 * <pre>
 * LSTM: i, f, o = sigmoid(z), g = tanh(z), z = x_t W + h_{t-1} U + b in the order i, f, g, o;
 *       c_t = f c_{t-1} + i g, h_t = o tanh(c_t)
 * GRU:  z, r = sigmoid(a + s), n = tanh(a + r s), a = x_t W + b_0, s = h_{t-1} U + b_1 in the order
 *       z, r, n; h_t = z h_{t-1} + (1 - z) n
 * </pre>
 */
final class GatedEquations {
  private final int units;
  private final int width;
  private final double[] w;
  private final double[] u;
  private final double[] b;

  /** The gradient by the kernel, [features][width], of all sequences so far. */
  final double[] dw;

  /** The gradient by the recurrent kernel, [units][width]. */
  final double[] du;

  /** The gradient by the biases, [biases][width]. */
  final double[] db;

  /** Takes the weights, whose gates are [.][width]: 4 units of an LSTM, 3 units of a GRU. */
  GatedEquations(int units, double[] w, double[] u, double[] b) {
    this.units = units;
    this.w = w;
    this.u = u;
    this.b = b;
    width = u.length / units;
    dw = new double[w.length];
    du = new double[u.length];
    db = new double[b.length];
  }

  /**
   * A sequence.
   *
   * @param h the states, [steps + 1][units], from zeros on
   * @param c the cell states of an LSTM, likewise
   * @param dx the gradients by the inputs, [steps][features]
   */
  record Sequence(double[][] h, double[][] c, double[][] dx) {
    double loss(double[][] above) {
      double loss = 0;
      for (int t = 0; t < above.length; t++) {
        for (int j = 0; j < above[t].length; j++) {
          loss += above[t][j] * h[t + 1][j];
        }
      }
      return loss;
    }
  }

  /** Goes through a sequence and back, adding to the gradients of the weights. */
  Sequence run(double[][] x, double[][] above) {
    Sequence all =
        new Sequence(
            new double[x.length + 1][units],
            new double[x.length + 1][units],
            new double[x.length][x[0].length]);
    double[][] y = new double[x.length][];
    boolean lstm = width == 4 * units;
    for (int t = 0; t < x.length; t++) {
      y[t] = lstm ? lstmStep(x[t], all, t) : gruStep(x[t], all, t);
    }
    double[] dh = new double[units];
    double[] dc = new double[units];
    for (int t = x.length - 1; t >= 0; t--) {
      for (int j = 0; j < units; j++) {
        dh[j] += above[t][j];
      }
      dh = lstm ? lstmBack(x[t], all, t, y[t], dh, dc) : gruBack(x[t], all, t, y[t], dh);
    }
    return all;
  }

  private double[] lstmStep(double[] x, Sequence all, int t) {
    double[] y = product(x, w, b, 0);
    add(y, product(all.h[t], u, new double[width], 0));
    for (int j = 0; j < units; j++) {
      double i = y[j] = sigmoid(y[j]);
      double f = y[units + j] = sigmoid(y[units + j]);
      double g = y[2 * units + j] = Math.tanh(y[2 * units + j]);
      double o = y[3 * units + j] = sigmoid(y[3 * units + j]);
      all.c[t + 1][j] = f * all.c[t][j] + i * g;
      all.h[t + 1][j] = o * Math.tanh(all.c[t + 1][j]);
    }
    return y;
  }

  private double[] lstmBack(double[] x, Sequence all, int t, double[] y, double[] dh, double[] dc) {
    double[] dz = new double[width];
    for (int j = 0; j < units; j++) {
      double i = y[j];
      double f = y[units + j];
      double g = y[2 * units + j];
      double o = y[3 * units + j];
      double out = Math.tanh(all.c[t + 1][j]);
      dc[j] += dh[j] * o * (1 - out * out);
      dz[j] = dc[j] * g * i * (1 - i);
      dz[units + j] = dc[j] * all.c[t][j] * f * (1 - f);
      dz[2 * units + j] = dc[j] * i * (1 - g * g);
      dz[3 * units + j] = dh[j] * out * o * (1 - o);
      dc[j] *= f;
    }
    back(x, w, dz, dw, all.dx[t]);
    double[] before = new double[units];
    back(all.h[t], u, dz, du, before);
    add(db, dz);
    return before;
  }

  /** Returns z, r, n and, behind them, the states' sums of n. */
  private double[] gruStep(double[] x, Sequence all, int t) {
    double[] a = product(x, w, b, 0);
    double[] s = product(all.h[t], u, b, width);
    double[] y = new double[width + units];
    for (int j = 0; j < units; j++) {
      double z = y[j] = sigmoid(a[j] + s[j]);
      double r = y[units + j] = sigmoid(a[units + j] + s[units + j]);
      y[width + j] = s[2 * units + j];
      double n = y[2 * units + j] = Math.tanh(a[2 * units + j] + r * s[2 * units + j]);
      all.h[t + 1][j] = z * all.h[t][j] + (1 - z) * n;
    }
    return y;
  }

  private double[] gruBack(double[] x, Sequence all, int t, double[] y, double[] dh) {
    double[] da = new double[width];
    double[] ds = new double[width];
    double[] before = new double[units];
    for (int j = 0; j < units; j++) {
      double z = y[j];
      double r = y[units + j];
      double n = y[2 * units + j];
      double dn = dh[j] * (1 - z) * (1 - n * n);
      ds[j] = da[j] = dh[j] * (all.h[t][j] - n) * z * (1 - z);
      ds[units + j] = da[units + j] = dn * y[width + j] * r * (1 - r);
      da[2 * units + j] = dn;
      ds[2 * units + j] = dn * r;
      before[j] = dh[j] * z;
    }
    back(x, w, da, dw, all.dx[t]);
    back(all.h[t], u, ds, du, before);
    for (int k = 0; k < width; k++) {
      db[k] += da[k];
      db[width + k] += ds[k];
    }
    return before;
  }

  /** Returns x * matrix + bias[first ...]. */
  private double[] product(double[] x, double[] matrix, double[] bias, int first) {
    double[] to = new double[width];
    System.arraycopy(bias, first, to, 0, width);
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < width; k++) {
        to[k] += x[i] * matrix[i * width + k];
      }
    }
    return to;
  }

  /** Of a product: adds the gradients by its matrix and by x. */
  private void back(double[] x, double[] matrix, double[] dz, double[] dMatrix, double[] dx) {
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < width; k++) {
        dMatrix[i * width + k] += x[i] * dz[k];
        dx[i] += dz[k] * matrix[i * width + k];
      }
    }
  }

  private static void add(double[] to, double[] more) {
    for (int i = 0; i < more.length; i++) {
      to[i] += more[i];
    }
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
