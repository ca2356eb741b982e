package dev.lanewise.engine.train;

/** How far arrays of weights are apart. */
final class Distance {
  private Distance() {}

  /** Returns the Euclidean distance of two arrays of like length. */
  static double between(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
