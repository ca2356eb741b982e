package dev.lanewise.engine.metric;

/** A share of what may be nothing: then it is 0, as in Keras. */
final class Share {
  private Share() {}

  static double of(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
