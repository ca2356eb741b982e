package dev.lanewise.engine.reference;

import java.util.List;

/** x where x is above 0, else slope * x. */
final class ReferenceLeakyRelu implements ReferenceLayer {
  private final double slope;
  private Signal input;

  ReferenceLeakyRelu(double slope) {
    this.slope = slope;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    return scaled(x);
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return scaled(dy);
  }

  private Signal scaled(Signal signal) {
    return signal.map(
        (p, n, row) -> {
          double[] scaled = row.clone();
          for (int i = 0; i < row.length; i++) {
            scaled[i] *= input.at()[p][n][i] > 0 ? 1 : slope;
          }
          return scaled;
        });
  }
}
