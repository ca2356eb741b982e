package dev.lanewise.engine.reference;

/**
 * Values between layers, [position][sample][unit]; one position unless they are a sequence.
 *
 * @param used by position and sample, whether it counts; null where all do
 */
record Signal(double[][][] at, boolean[][] used) {
  Signal(double[][][] at) {
    this(at, null);
  }

  static Signal zeros(int positions, int samples, int width) {
    return new Signal(new double[positions][samples][width]);
  }

  /** Takes row-major samples of [positions, width]. */
  static Signal of(double[] values, int positions, int samples, int width) {
    Signal signal = zeros(positions, samples, width);
    for (int n = 0; n < samples; n++) {
      for (int p = 0; p < positions; p++) {
        System.arraycopy(values, (n * positions + p) * width, signal.at[p][n], 0, width);
      }
    }
    return signal;
  }

  /** What becomes of one row. */
  @FunctionalInterface
  interface RowFunction {
    double[] of(int position, int sample, double[] row);
  }

  /** Returns a signal of other rows. */
  Signal map(RowFunction f) {
    double[][][] mapped = new double[at.length][][];
    for (int p = 0; p < at.length; p++) {
      mapped[p] = new double[at[p].length][];
      for (int n = 0; n < at[p].length; n++) {
        mapped[p][n] = f.of(p, n, at[p][n]);
      }
    }
    return new Signal(mapped, used);
  }

  /** Returns these values under a mask, or without one. */
  Signal masked(boolean[][] mask) {
    return new Signal(at, mask);
  }

  /** Returns whether a position of a sample counts. */
  boolean uses(int position, int sample) {
    return used == null || used[position][sample];
  }

  int positions() {
    return at.length;
  }

  int samples() {
    return at[0].length;
  }

  int width() {
    return at[0][0].length;
  }

  /** Returns row-major samples. */
  double[] toArray() {
    double[] values = new double[positions() * samples() * width()];
    for (int n = 0; n < samples(); n++) {
      for (int p = 0; p < positions(); p++) {
        System.arraycopy(at[p][n], 0, values, (n * positions() + p) * width(), width());
      }
    }
    return values;
  }
}
