package dev.lanewise.engine.reference;

import java.util.Arrays;
import java.util.List;

/** A step whose features all are one value is masked, and zero. */
final class ReferenceMasking implements ReferenceLayer {
  private final double value;
  private boolean[][] used;

  ReferenceMasking(double value) {
    this.value = value;
  }

  @Override
  public Signal forward(Signal x) {
    used = new boolean[x.positions()][x.samples()];
    for (int p = 0; p < x.positions(); p++) {
      for (int n = 0; n < x.samples(); n++) {
        used[p][n] = Arrays.stream(x.at()[p][n]).anyMatch(feature -> feature != value);
      }
    }
    return cleared(x).masked(used);
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return cleared(dy);
  }

  private Signal cleared(Signal signal) {
    return signal.map((p, n, row) -> used[p][n] ? row.clone() : new double[row.length]);
  }
}
