package dev.lanewise.engine.backend.cpu.layer;

/**
 * Sine and cosine that allocate nothing, as {@link StrictMath}'s do at every call: what an angle is
 * beyond whole quarter turns (Cody and Waite, "Software Manual for the Elementary Functions", 1980;
 * the fused multiply-add keeps the remainder exact), in Taylor's series, whose next term would be
 * below 5e-17.
 */
final class Sines {
  private static final double QUARTER = Math.PI / 2;

  private static final double TURNS = 2 / Math.PI;

  /** What lies between {@link #QUARTER} and half of pi. */
  private static final double QUARTER_REST = 0x1.1a62633145c07p-54;

  /** Larger angles, of which floats know no fraction of a turn, are left to StrictMath. */
  private static final double LARGEST = 0x1p30;

  private static final double[] SINE = terms(15);
  private static final double[] COSINE = terms(16);

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
    double turns = Math.rint(angle * TURNS);
    double rest = Math.fma(-turns, QUARTER_REST, Math.fma(-turns, QUARTER, angle));
    double square = rest * rest;
    int quarter = (int) turns + quarters;
    double sine = series(SINE, square) * rest;
    double part = (quarter & 1) == 0 ? sine : series(COSINE, square);
    return (quarter & 2) == 0 ? part : -part;
  }

  private static double series(double[] terms, double square) {
    double sum = terms[0];
    for (int n = 1; n < terms.length; n++) {
      sum = Math.fma(sum, square, terms[n]);
    }
    return sum;
  }

  /** Returns 1/n! with the signs in turn, from a degree down by two. */
  private static double[] terms(int degree) {
    double[] terms = new double[degree / 2 + 1];
    double term = 1;
    for (int i = terms.length - 1, n = degree % 2; i >= 0; i--, n += 2) {
      terms[i] = term;
      term /= -(n + 1.0) * (n + 2.0);
    }
    return terms;
  }
}
