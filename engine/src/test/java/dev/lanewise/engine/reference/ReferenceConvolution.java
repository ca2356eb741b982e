package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Conv1DTranspose;
import dev.lanewise.engine.layer.Convolution1D;
import dev.lanewise.engine.layer.DepthwiseConv1D;
import dev.lanewise.engine.layer.GroupedConv1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.SeparableConv1D;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Convolutions that leave products out, by their formulas alone; gradients by inputs and weights
 * are central differences.
 */
final class ReferenceConvolution implements ReferenceLayer {
  private static final double H = 1e-6;

  private final Convolution1D layer;
  private final List<double[]> weights;
  private Signal input;

  ReferenceConvolution(Convolution1D layer, List<double[]> weights) {
    this.layer = layer;
    this.weights = weights;
  }

  @Override
  public Signal forward(Signal x) {
    input = x.masked(null);
    Shape output = layer.outputShape(Shape.of(x.positions(), x.width()));
    Signal y = Signal.zeros(output.size(0), x.samples(), output.size(1));
    return y.map((p, n, row) -> result(n)[p]);
  }

  /** Returns what one sample becomes. */
  private double[][] result(int n) {
    double[][] x = new double[input.positions()][];
    for (int t = 0; t < x.length; t++) {
      x[t] = input.at()[t][n];
    }
    double[][] y =
        switch (layer) {
          case DepthwiseConv1D each ->
              windows(each.window(), x, x[0].length * each.depthMultiplier(), x[0].length);
          case GroupedConv1D grouped ->
              windows(grouped.window(), x, grouped.filters(), grouped.groups());
          case SeparableConv1D two -> {
            int between = x[0].length * two.depthMultiplier();
            double[][] z = windows(two.window(), x, between, x[0].length);
            yield Arrays.stream(z)
                .map(row -> pointwise(row, two.filters()))
                .toArray(double[][]::new);
          }
          case Conv1DTranspose back -> spread(back, x);
        };
    int kernels = layer instanceof SeparableConv1D ? 2 : 1;
    for (double[] row : y) {
      for (int o = 0; weights.size() > kernels && o < row.length; o++) {
        row[o] += weights.get(kernels)[o];
      }
    }
    Activation activation = layer.activation();
    Signal sums =
        new Signal(Arrays.stream(y).map(row -> new double[][] {row}).toArray(double[][][]::new));
    Signal results = new ReferenceActivationLayer(activation).forward(sums);
    return Arrays.stream(results.at()).map(step -> step[0]).toArray(double[][]::new);
  }

  private double[] pointwise(double[] z, int filters) {
    double[] y = new double[filters];
    for (int i = 0; i < z.length; i++) {
      for (int o = 0; o < filters; o++) {
        y[o] += z[i] * weights.get(1)[i * filters + o];
      }
    }
    return y;
  }

  private double[][] windows(SlidingWindow window, double[][] x, int filters, int groups) {
    int span = (window.size() - 1) * window.dilationRate() + 1;
    int strides = window.strides();
    boolean valid = window.padding() == Padding.VALID;
    int count = valid ? (x.length - span) / strides + 1 : (x.length + strides - 1) / strides;
    int missing = Math.max(0, (count - 1) * strides + span - x.length);
    int before = valid ? 0 : window.padding() == Padding.SAME ? missing / 2 : span - 1;
    int each = x[0].length / groups;
    double[][] y = new double[count][filters];
    for (int p = 0; p < count; p++) {
      for (int j = 0; j < window.size(); j++) {
        int step = p * strides + j * window.dilationRate() - before;
        for (int o = 0; step >= 0 && step < x.length && o < filters; o++) {
          for (int i = 0; i < each; i++) {
            double feature = x[step][o / (filters / groups) * each + i];
            y[p][o] += feature * weights.getFirst()[(j * each + i) * filters + o];
          }
        }
      }
    }
    return y;
  }

  private double[][] spread(Conv1DTranspose back, double[][] x) {
    SlidingWindow window = back.window();
    int beyond = Math.max(0, (window.size() - 1) * window.dilationRate() + 1 - window.strides());
    boolean same = window.padding() == Padding.SAME;
    double[][] y = new double[x.length * window.strides() + (same ? 0 : beyond)][back.filters()];
    for (int t = 0; t < x.length; t++) {
      for (int j = 0; j < window.size(); j++) {
        int to = t * window.strides() + j * window.dilationRate() - (same ? beyond / 2 : 0);
        for (int o = 0; to >= 0 && to < y.length && o < back.filters(); o++) {
          for (int i = 0; i < x[t].length; i++) {
            y[to][o] += x[t][i] * weights.getFirst()[(j * back.filters() + o) * x[t].length + i];
          }
        }
      }
    }
    return y;
  }

  private double sum(Signal dy, int n) {
    double sum = 0;
    double[][] y = result(n);
    for (int p = 0; p < y.length; p++) {
      for (int o = 0; o < y[p].length; o++) {
        sum += y[p][o] * dy.at()[p][n][o];
      }
    }
    return sum;
  }

  private double slope(double[] array, int at, Signal dy, int n) {
    double own = array[at];
    array[at] = own + H;
    double above = sum(dy, n);
    array[at] = own - H;
    double below = sum(dy, n);
    array[at] = own;
    return (above - below) / (2 * H);
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    for (int n = 0; n < dy.samples(); n++) {
      for (int w = 0; w < weights.size(); w++) {
        for (int e = 0; e < weights.get(w).length; e++) {
          gradients.get(w)[e] += slope(weights.get(w), e, dy, n);
        }
      }
    }
    return input.map(
        (t, n, row) -> {
          double[] slopes = new double[row.length];
          for (int i = 0; i < row.length; i++) {
            slopes[i] = slope(row, i, dy, n);
          }
          return slopes;
        });
  }
}
