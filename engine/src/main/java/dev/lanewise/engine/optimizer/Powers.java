package dev.lanewise.engine.optimizer;

/** Powers that have the same bits everywhere. */
final class Powers {
  private Powers() {}

  /** Products alone: no arrays, which StrictMath.pow takes a call. */
  static double of(double base, long exponent) {
    double result = 1;
    double square = base;
    for (long left = exponent; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  /** Of a base that is not negative and an exponent that is not zero where the base is. */
  static double of(double base, double exponent) {
    return exponent == 1 ? base : StrictMath.exp(exponent * StrictMath.log(base));
  }
}
