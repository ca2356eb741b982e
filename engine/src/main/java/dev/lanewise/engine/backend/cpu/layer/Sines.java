package dev.lanewise.engine.backend.cpu.layer;

/**
 * Sine and cosine that allocate nothing, as {@link StrictMath}'s do at every call: what an angle is
 * beyond whole quarter turns (Cody and Waite, "Software Manual for the Elementary Functions", 1980;
 * the fused multiply-add keeps the remainder exact), in Taylor's series, whose next term would be
 * below 5e-17.
 */
final class Sines {
  private static final double QUARTER = Math.PI / 2;

  /** What lies between {@link #QUARTER} and half of pi. */
  private static final double QUARTER_REST = 0x1.1a62633145c07p-54;

  /** Larger angles, of which floats know no fraction of a turn, are left to StrictMath. */
  private static final double LARGEST = 0x1p30;

  private Sines() {}

  /** Returns the sine of an angle in radians, to a few units in the last place of a double. */
  static double sin(double angle) {
    return ahead(angle, 0);
  }

  /** Returns the cosine of an angle in radians, to a few units in the last place of a double. */
  static double cos(double angle) {
    return ahead(angle, 1);
  }

  /** Returns the sine of an angle so many quarter turns ahead. */
  private static double ahead(double angle, int quarters) {
    if (!(Math.abs(angle) <= LARGEST)) { // not a number, too
      return quarters == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
    }
    double turns = Math.rint(angle / QUARTER);
    double rest = Math.fma(-turns, QUARTER_REST, Math.fma(-turns, QUARTER, angle));
    return switch ((int) turns + quarters & 3) {
      case 0 -> series(rest, 15) * rest;
      case 1 -> series(rest, 16);
      case 2 -> -series(rest, 15) * rest;
      default -> -series(rest, 16);
    };
  }

  /** Returns 1 - x^2 / (n (n - 1)) (...) from n = 2 or 3 up: to the power {@code degree} of x. */
  private static double series(double x, int degree) {
    double square = x * x;
    double sum = 1;
    for (int n = degree; n > 1; n -= 2) {
      sum = 1 - square / (n * (n - 1)) * sum;
    }
    return sum;
  }
}
