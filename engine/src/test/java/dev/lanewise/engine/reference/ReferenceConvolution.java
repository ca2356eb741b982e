package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.GroupedConv;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Convolutions that leave products out, by their formulas alone; gradients by inputs and weights
 * are central differences.
 */
final class ReferenceConvolution implements ReferenceLayer {
  private static final double H = 1e-6;

  private final SparseConvolution layer;
  private final List<double[]> weights;
  private final Shape shape;

  /** The position that each window has at each tap, below 0 if none. */
  private final int[][] taps;

  private Signal input;

  ReferenceConvolution(SparseConvolution layer, List<double[]> weights, Shape shape) {
    this.layer = layer;
    this.weights = weights;
    this.shape = shape;
    List<Axis> axes = axes();
    int size = count(axes, axis -> axis.window().size());
    taps =
        IntStream.range(0, count(axes, Axis::places))
            .mapToObj(p -> IntStream.range(0, size).map(tap -> position(axes, p, tap)).toArray())
            .toArray(int[][]::new);
  }

  @Override
  public Signal forward(Signal x) {
    input = x.masked(null);
    Shape output = layer.outputShape(shape);
    Signal y = Signal.zeros(output.positions(), x.samples(), output.size(-1));
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
          case DepthwiseConv each -> windows(x, x[0].length * each.depthMultiplier(), x[0].length);
          case GroupedConv grouped -> windows(x, grouped.filters(), grouped.groups());
          case SeparableConv two -> {
            double[][] z = windows(x, x[0].length * two.depthMultiplier(), x[0].length);
            yield Arrays.stream(z)
                .map(row -> pointwise(row, two.filters()))
                .toArray(double[][]::new);
          }
          case ConvTranspose back -> spread(back.filters(), x);
        };
    int kernels = layer instanceof SeparableConv ? 2 : 1;
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

  /** Where windows lie along one axis. */
  private record Axis(int positions, int places, int before, SlidingWindow window) {
    static Axis of(SlidingWindow window, int positions) {
      int span = (window.size() - 1) * window.dilationRate() + 1;
      int strides = window.strides();
      boolean valid = window.padding() == Padding.VALID;
      int places = valid ? (positions - span) / strides + 1 : (positions + strides - 1) / strides;
      int missing = Math.max(0, (places - 1) * strides + span - positions);
      int before = valid ? 0 : window.padding() == Padding.SAME ? missing / 2 : span - 1;
      return new Axis(positions, places, before, window);
    }

    /** Returns the same of what a transposed convolution makes of so many positions. */
    static Axis spread(SlidingWindow window, int places) {
      int span = (window.size() - 1) * window.dilationRate() + 1;
      int beyond = Math.max(0, span - window.strides());
      boolean same = window.padding() == Padding.SAME;
      int positions = places * window.strides() + (same ? 0 : beyond);
      return new Axis(positions, places, same ? beyond / 2 : 0, window);
    }

    int position(int place, int tap) {
      int at = place * window.strides() + tap * window.dilationRate() - before;
      return at < positions ? at : -1;
    }
  }

  private List<Axis> axes() {
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < layer.window().axes().size(); i++) {
      SlidingWindow window = layer.window().axes().get(i);
      axes.add(
          layer instanceof ConvTranspose
              ? Axis.spread(window, shape.size(i))
              : Axis.of(window, shape.size(i)));
    }
    return axes;
  }

  /** Returns the position that a window has at a tap, rows after one another; below 0 if none. */
  private static int position(List<Axis> axes, int place, int tap) {
    int at = 0;
    int placesLeft = count(axes, Axis::places);
    int tapsLeft = count(axes, axis -> axis.window().size());
    for (Axis axis : axes) {
      placesLeft /= axis.places();
      tapsLeft /= axis.window().size();
      int own =
          axis.position(place / placesLeft % axis.places(), tap / tapsLeft % axis.window().size());
      if (own < 0) {
        return -1;
      }
      at = at * axis.positions() + own;
    }
    return at;
  }

  private static int count(List<Axis> axes, ToIntFunction<Axis> size) {
    return axes.stream().mapToInt(size).reduce(1, (a, b) -> a * b);
  }

  private double[][] windows(double[][] x, int filters, int groups) {
    int each = x[0].length / groups;
    double[][] y = new double[taps.length][filters];
    for (int p = 0; p < y.length; p++) {
      for (int j = 0; j < taps[p].length; j++) {
        int step = taps[p][j];
        for (int o = 0; step >= 0 && o < filters; o++) {
          for (int i = 0; i < each; i++) {
            double feature = x[step][o / (filters / groups) * each + i];
            y[p][o] += feature * weights.getFirst()[(j * each + i) * filters + o];
          }
        }
      }
    }
    return y;
  }

  private double[][] spread(int filters, double[][] x) {
    double[][] y = new double[layer.outputShape(shape).positions()][filters];
    for (int t = 0; t < x.length; t++) {
      for (int j = 0; j < taps[t].length; j++) {
        int to = taps[t][j];
        for (int o = 0; to >= 0 && o < filters; o++) {
          for (int i = 0; i < x[t].length; i++) {
            y[to][o] += x[t][i] * weights.getFirst()[(j * filters + o) * x[t].length + i];
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
