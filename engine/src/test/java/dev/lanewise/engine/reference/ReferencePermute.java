package dev.lanewise.engine.reference;

import java.util.List;

/** Steps and features change places. */
final class ReferencePermute implements ReferenceLayer {
  @Override
  public Signal forward(Signal x) {
    return Signal.zeros(x.width(), x.samples(), x.positions())
        .map(
            (p, n, row) -> {
              for (int t = 0; t < row.length; t++) {
                row[t] = x.at()[t][n][p];
              }
              return row;
            });
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return forward(dy);
  }
}
