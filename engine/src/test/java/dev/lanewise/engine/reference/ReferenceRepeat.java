package dev.lanewise.engine.reference;

import java.util.List;

/** One vector at every step. */
final class ReferenceRepeat implements ReferenceLayer {
  private final int times;

  ReferenceRepeat(int times) {
    this.times = times;
  }

  @Override
  public Signal forward(Signal x) {
    Signal y = Signal.zeros(times, x.samples(), x.width());
    return y.map((p, n, row) -> x.at()[0][n].clone());
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(1, dy.samples(), dy.width());
    for (int p = 0; p < times; p++) {
      for (int n = 0; n < dy.samples(); n++) {
        for (int i = 0; i < dy.width(); i++) {
          dx.at()[0][n][i] += dy.at()[p][n][i];
        }
      }
    }
    return dx;
  }
}
