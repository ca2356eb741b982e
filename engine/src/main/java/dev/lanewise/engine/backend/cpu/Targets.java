package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.data.Dataset;

/** Reads targets, labels taken as one-hot. */
final class Targets {
  private Targets() {}

  /** Returns the target of one output, labels taken as one-hot. */
  static float of(Dataset data, int sample, int position, int units, int unit) {
    if (data.hasLabels()) {
      return data.label(sample, position) == unit ? 1 : 0;
    }
    return data.target(sample, position * units + unit);
  }

  /** Returns the class of one position: the label, or the first largest of float targets. */
  static int classOf(Dataset data, int sample, int position, int units) {
    if (data.hasLabels()) {
      return data.label(sample, position);
    }
    int best = 0;
    for (int unit = 1; unit < units; unit++) {
      if (data.target(sample, position * units + unit)
          > data.target(sample, position * units + best)) {
        best = unit;
      }
    }
    return best;
  }
}
