package dev.lanewise.engine.layer;

/** The limit on a layer's width, checked where a layer is described. */
final class Units {
  /** Far above any real layer; keeps every later product of two sizes inside a {@code long}. */
  private static final int MAXIMUM = 1 << 24;

  private Units() {}

  static void check(String layer, int units) {
    if (units < 1 || units > MAXIMUM) {
      throw new IllegalArgumentException(
          layer + ": units must be between 1 and " + MAXIMUM + ", found " + units);
    }
  }
}
