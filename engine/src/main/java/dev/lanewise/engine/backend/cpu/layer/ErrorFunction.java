package dev.lanewise.engine.backend.cpu.layer;

/**
 * The error function, which {@link StrictMath} has not: Taylor's series near 0, and one less the
 * tail beyond, a continued fraction (Abramowitz and Stegun 1964, 7.1.5 and 7.1.14), both to a few
 * units in the last place of a float.
 */
final class ErrorFunction {
  private static final double HEIGHT = 2 / Math.sqrt(Math.PI);

  /** From there on the fraction is the shorter way. */
  private static final double NEAR = 2;

  /** From there on a float is 1. */
  private static final double FAR = 4;

  private static final int TERMS = 28;
  private static final int LEVELS = 16;
  private static final double[] SERIES = series();

  private ErrorFunction() {}

  private static double[] series() {
    double[] terms = new double[TERMS];
    double factor = HEIGHT;
    for (int n = 0; n < TERMS; n++) {
      terms[n] = factor / (2 * n + 1);
      factor /= -(n + 1);
    }
    return terms;
  }

  /** Returns 2 / sqrt pi times the integral of e^(-t^2) from 0 to x. */
  static double erf(double x) {
    double size = Math.abs(x);
    if (size < NEAR) {
      double square = x * x;
      double sum = 0;
      for (int n = TERMS - 1; n >= 0; n--) {
        sum = Math.fma(sum, square, SERIES[n]);
      }
      return x * sum;
    }
    return size < FAR ? Math.copySign(1 - tail(size), x) : Math.signum(x);
  }

  private static double tail(double x) {
    double fraction = x;
    for (int n = LEVELS; n > 0; n--) {
      fraction = x + n / (2 * fraction);
    }
    return StrictMath.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }

  /** Returns the derivative at x. */
  static double derivative(double x) {
    return HEIGHT * StrictMath.exp(-x * x);
  }
}
