package dev.lanewise.engine.layer;

/** The limit on a layer's width, checked where a layer is described. */
final class Units {
  /** Far above any real layer; keeps every later product of two sizes inside a {@code long}. */
  private static final int MAXIMUM = 1 << 24;

  private Units() {}

  static void check(String layer, int units) {
    check(layer, units, 1);
  }

  /** The same for a layer with several gates of so many units. */
  static void check(String layer, int units, int gates) {
    int most = MAXIMUM / gates;
    if (units < 1 || units > most) {
      throw new IllegalArgumentException(
          layer + ": units must be between 1 and " + most + ", found " + units);
    }
  }
}
