package dev.lanewise.engine.backend.cpu.layer;

/**
 * The number that a standard normal variable stays below with a given probability, to about 1 part
 * in 1e7: Wichura, "Algorithm AS 241: The percentage points of the normal distribution", 1988, its
 * PPND7. One draw makes one number, and nothing is allocated, as StrictMath's cosine would.
 */
final class NormalQuantile {
  private static final double CENTRE = 0.425;
  private static final double CENTRE_SQUARED = 0.180625;
  private static final double FAR = 5;
  private static final double SHIFT = 1.6;

  private NormalQuantile() {}

  /** Returns it for a probability above 0 and below 1. */
  static double of(double p) {
    double q = p - 0.5;
    if (Math.abs(q) <= CENTRE) {
      double r = CENTRE_SQUARED - q * q;
      double over = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
      return q * over / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1);
    }
    double r = Math.sqrt(-StrictMath.log(q < 0 ? p : 1 - p));
    double size = r <= FAR ? tail(r - SHIFT) : farTail(r - FAR);
    return q < 0 ? -size : size;
  }

  private static double tail(double r) {
    double over = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777;
    return over / ((0.12021132975 * r + 0.73700164250) * r + 1);
  }

  private static double farTail(double r) {
    double over = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150;
    return over / ((0.012258202635 * r + 0.24197894225) * r + 1);
  }
}
