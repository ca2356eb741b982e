package dev.lanewise.spark;

import java.time.Duration;

/** Durations as people read them. */
final class Durations {
  private Durations() {}

  /** Returns, for example, {@code 60 s}, or {@code 250 ms}. */
  static String shown(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
