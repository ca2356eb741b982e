package dev.lanewise.engine.layer;

import dev.lanewise.engine.random.SplitMix64;

/** Random orthogonal matrices by modified Gram-Schmidt in double precision. */
final class OrthogonalMatrix {
  private OrthogonalMatrix() {}

  /**
   * Returns a rows x columns matrix, row-major, whose shorter side's vectors are orthonormal, times
   * {@code gain}.
   *
   * <p>Gram-Schmidt leaves R's diagonal positive, so that Q needs no change of sign. Each vector is
   * orthogonalised twice, which keeps the error near machine precision (Giraud et al. 2005).
   */
  static float[] random(int rows, int columns, double gain, SplitMix64 random) {
    int length = Math.max(rows, columns);
    int count = Math.min(rows, columns);
    double[][] vectors = new double[count][length];
    for (int i = 0; i < length; i++) {
      for (int v = 0; v < count; v++) {
        vectors[v][i] = random.nextGaussian();
      }
    }
    for (int v = 0; v < count; v++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int u = 0; u < v; u++) {
          addScaled(vectors[v], vectors[u], -dot(vectors[v], vectors[u]));
        }
      }
      double norm = StrictMath.sqrt(dot(vectors[v], vectors[v]));
      for (int i = 0; i < length; i++) {
        vectors[v][i] /= norm;
      }
    }
    float[] matrix = new float[Math.multiplyExact(rows, columns)];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double value = rows >= columns ? vectors[c][r] : vectors[r][c];
        matrix[r * columns + c] = (float) (gain * value);
      }
    }
    return matrix;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void addScaled(double[] target, double[] source, double factor) {
    for (int i = 0; i < target.length; i++) {
      target[i] += factor * source[i];
    }
  }
}
