package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.SlidingWindow;

/**
 * Where a window meets a sequence, by TensorFlow's rules for sequences that are padded at their
 * ends.
 *
 * @param left the steps put before the sequence
 * @param places the windows
 */
record ReferenceWindow(SlidingWindow window, int left, int places) {
  static ReferenceWindow over(SlidingWindow window, int steps) {
    int span = (window.size() - 1) * window.dilationRate() + 1;
    int odd = steps % window.strides() == 0 ? window.strides() : steps % window.strides();
    int total =
        switch (window.padding()) {
          case VALID -> 0;
          case SAME -> Math.max(span - odd, 0);
          case CAUSAL -> span - 1;
        };
    int left =
        switch (window.padding()) {
          case VALID -> 0;
          case SAME -> total / 2;
          case CAUSAL -> total;
        };
    return new ReferenceWindow(window, left, (steps + total - span) / window.strides() + 1);
  }

  /** Returns a step of the sequence without what was put at its ends. */
  int step(int place, int at) {
    return place * window.strides() + at * window.dilationRate() - left;
  }
}
