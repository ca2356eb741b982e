package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Conv1D;
import java.util.Arrays;
import java.util.List;

/** {@link Conv1D}, product by product. */
final class ReferenceConv1D implements ReferenceLayer {
  private final Conv1D layer;
  private final List<double[]> weights;
  private Signal input;
  private Signal sums;

  ReferenceConv1D(Conv1D layer, List<double[]> weights) {
    this.layer = layer;
    this.weights = weights;
  }

  /** What is done with an input and a sum that meet at some weights. */
  private interface Meeting {
    void at(int place, int sample, double[] x, int firstWeight, int step);
  }

  private void each(Meeting meeting) {
    ReferenceWindow window = ReferenceWindow.over(layer.window(), input.positions());
    for (int p = 0; p < window.places(); p++) {
      for (int at = 0; at < layer.window().size(); at++) {
        int step = window.step(p, at);
        if (step >= 0 && step < input.positions()) {
          for (int n = 0; n < input.samples(); n++) {
            int first = at * input.width() * layer.filters();
            meeting.at(p, n, input.at()[step][n], first, step);
          }
        }
      }
    }
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    int places = ReferenceWindow.over(layer.window(), x.positions()).places();
    sums = Signal.zeros(places, x.samples(), layer.filters());
    if (layer.useBias()) {
      sums = sums.map((p, n, row) -> weights.get(1).clone());
    }
    double[] kernel = weights.get(0);
    each(
        (p, n, row, first, step) -> {
          for (int i = 0; i < row.length; i++) {
            for (int f = 0; f < layer.filters(); f++) {
              sums.at()[p][n][f] += row[i] * kernel[first + i * layer.filters() + f];
            }
          }
        });
    return sums.map((p, n, row) -> ReferenceActivation.apply(layer.activation(), row));
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dz =
        dy.map(
            (p, n, row) -> ReferenceActivation.backward(layer.activation(), sums.at()[p][n], row));
    Signal dx = Signal.zeros(input.positions(), input.samples(), input.width());
    double[] kernel = weights.get(0);
    double[] dk = gradients.get(0);
    each(
        (p, n, row, first, step) -> {
          for (int i = 0; i < row.length; i++) {
            for (int f = 0; f < layer.filters(); f++) {
              int weight = first + i * layer.filters() + f;
              dk[weight] += row[i] * dz.at()[p][n][f];
              dx.at()[step][n][i] += kernel[weight] * dz.at()[p][n][f];
            }
          }
        });
    if (layer.useBias()) {
      Arrays.stream(dz.at())
          .flatMap(Arrays::stream)
          .forEach(row -> Products.add(gradients.get(1), row));
    }
    return dx;
  }
}
