package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntBiFunction;

/**
 * {@link LayerNormalization} and {@link GroupNormalization} of sequences. The way back goes through
 * the mean and the variance one after the other, not by the formula that joins them.
 */
final class ReferenceLayerNormalization implements ReferenceLayer {
  /**
   * An element of a sample.
   *
   * @param weight which of gamma and of beta it takes
   */
  private record Element(int position, int column, int weight) {}

  /** Which elements are normalized together, of a sequence of that shape. */
  private interface Kin {
    int group(Shape shape, int position, int column);

    int weight(Shape shape, int position, int column);
  }

  private final Kin kin;
  private final double epsilon;
  private final double[] gamma;
  private final double[] beta;
  private Signal input;
  private List<List<Element>> groups = List.of();

  private ReferenceLayerNormalization(
      Kin kin, double epsilon, boolean scale, boolean center, List<double[]> weights) {
    this.kin = kin;
    this.epsilon = epsilon;
    gamma = scale ? weights.getFirst() : new double[0];
    beta = center ? weights.getLast() : new double[0];
  }

  private static Kin kin(
      ToIntBiFunction<Shape, int[]> group, ToIntBiFunction<Shape, int[]> weight) {
    return new Kin() {
      @Override
      public int group(Shape shape, int position, int column) {
        return group.applyAsInt(shape, new int[] {position, column});
      }

      @Override
      public int weight(Shape shape, int position, int column) {
        return weight.applyAsInt(shape, new int[] {position, column});
      }
    };
  }

  static ReferenceLayerNormalization of(LayerNormalization layer, List<double[]> weights) {
    List<Integer> axes = layer.axes().stream().sorted().toList();
    Kin kin =
        axes.equals(List.of(1))
            ? kin((shape, at) -> at[1], (shape, at) -> at[0])
            : axes.equals(List.of(-1)) || axes.equals(List.of(2))
                ? kin((shape, at) -> at[0], (shape, at) -> at[1])
                : kin((shape, at) -> 0, (shape, at) -> at[0] * shape.size(1) + at[1]);
    return new ReferenceLayerNormalization(
        kin, layer.epsilon(), layer.scale(), layer.center(), weights);
  }

  static ReferenceLayerNormalization of(GroupNormalization layer, List<double[]> weights) {
    int axis = layer.axis() == 1 ? 0 : 1;
    Kin kin =
        kin(
            (shape, at) ->
                layer.groups() == GroupNormalization.EACH_CHANNEL
                    ? at[axis]
                    : at[axis] / (shape.size(axis) / layer.groups()),
            (shape, at) -> at[axis]);
    return new ReferenceLayerNormalization(
        kin, layer.epsilon(), layer.scale(), layer.center(), weights);
  }

  private List<List<Element>> groups(Shape shape) {
    Map<Integer, List<Element>> all = new LinkedHashMap<>();
    for (int p = 0; p < shape.size(0); p++) {
      for (int c = 0; c < shape.size(1); c++) {
        Element element = new Element(p, c, kin.weight(shape, p, c));
        all.computeIfAbsent(kin.group(shape, p, c), any -> new ArrayList<>()).add(element);
      }
    }
    return List.copyOf(all.values());
  }

  private static double[] values(List<Element> group, Signal of, int sample) {
    return group.stream().mapToDouble(e -> of.at()[e.position][sample][e.column]).toArray();
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).sum() / x.length;
  }

  private static double variance(double[] x) {
    double mean = mean(x);
    return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / x.length;
  }

  private double gamma(Element element) {
    return gamma.length > 0 ? gamma[element.weight] : 1;
  }

  private double beta(Element element) {
    return beta.length > 0 ? beta[element.weight] : 0;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    groups = groups(Shape.of(x.positions(), x.width()));
    Signal y = Signal.zeros(x.positions(), x.samples(), x.width());
    for (List<Element> group : groups) {
      for (int n = 0; n < x.samples(); n++) {
        double[] own = values(group, x, n);
        double mean = mean(own);
        double deviation = Math.sqrt(variance(own) + epsilon);
        for (int i = 0; i < own.length; i++) {
          Element e = group.get(i);
          y.at()[e.position][n][e.column] = (own[i] - mean) / deviation * gamma(e) + beta(e);
        }
      }
    }
    return y.masked(x.used());
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(input.positions(), input.samples(), input.width());
    for (List<Element> group : groups) {
      for (int n = 0; n < input.samples(); n++) {
        double[] own = backward(group, values(group, input, n), values(group, dy, n), gradients);
        for (int i = 0; i < own.length; i++) {
          Element e = group.get(i);
          dx.at()[e.position][n][e.column] = own[i];
        }
      }
    }
    return dx;
  }

  private double[] backward(
      List<Element> group, double[] x, double[] dy, List<double[]> gradients) {
    int count = x.length;
    double mean = mean(x);
    double deviation = Math.sqrt(variance(x) + epsilon);
    double ofVariance = 0;
    double ofMean = 0;
    double[] dn = new double[count];
    for (int i = 0; i < count; i++) {
      Element e = group.get(i);
      dn[i] = dy[i] * gamma(e);
      ofVariance -= dn[i] * (x[i] - mean) / 2 / (deviation * deviation * deviation);
      ofMean -= dn[i] / deviation;
      if (gamma.length > 0) {
        gradients.getFirst()[e.weight] += dy[i] * (x[i] - mean) / deviation;
      }
      if (beta.length > 0) {
        gradients.getLast()[e.weight] += dy[i];
      }
    }
    double[] dx = new double[count];
    for (int i = 0; i < count; i++) {
      dx[i] = dn[i] / deviation + ofVariance * 2 * (x[i] - mean) / count + ofMean / count;
    }
    return dx;
  }
}
