package dev.lanewise.engine.reference;

/** Products with row-major matrices, some of whose columns take part, and of elements. */
final class Products {
  private Products() {}

  static double[] ofElements(double[] a, double[] b) {
    double[] product = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      product[i] = a[i] * b[i];
    }
    return product;
  }

  /** to = to + values. */
  static void add(double[] to, double[] values) {
    for (int i = 0; i < to.length; i++) {
      to[i] += values[i];
    }
  }

  /** y = y + x * w's columns from {@code column} on, w having {@code columns} in all. */
  static void add(double[] x, double[] w, int column, int columns, double[] y) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        y[j] += x[i] * w[i * columns + column + j];
      }
    }
  }

  /** dx = dx + dz * w', w's columns from {@code column} on. */
  static void addTransposed(double[] dz, double[] w, int column, int columns, double[] dx) {
    for (int i = 0; i < dx.length; i++) {
      for (int j = 0; j < dz.length; j++) {
        dx[i] += dz[j] * w[i * columns + column + j];
      }
    }
  }

  /** gradient = gradient + x' * dz, in the gradient's columns from {@code column} on. */
  static void addOuter(double[] x, double[] dz, int column, int columns, double[] gradient) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < dz.length; j++) {
        gradient[i * columns + column + j] += x[i] * dz[j];
      }
    }
  }
}
