package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Clip;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.OneHot;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.SoftmaxOver;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An operation by its formula alone, a sample at a time; its gradients are central differences, so
 * that no second formula can be wrong as the engine's is.
 */
final class ReferenceOperation implements ReferenceMerge {
  private static final double H = 1e-6;

  private final Operation operation;
  private List<Signal> inputs = List.of();
  private List<Shape> shapes = List.of();

  ReferenceOperation(Operation operation) {
    this.operation = operation;
  }

  private static Shape shape(Signal x) {
    return x.positions() == 1 ? Shape.of(x.width()) : Shape.of(x.positions(), x.width());
  }

  private static double[] sample(Signal x, int n) {
    double[] values = new double[x.positions() * x.width()];
    for (int p = 0; p < x.positions(); p++) {
      System.arraycopy(x.at()[p][n], 0, values, p * x.width(), x.width());
    }
    return values;
  }

  private List<double[]> samples(int n) {
    return new ArrayList<>(inputs.stream().map(x -> sample(x, n)).toList());
  }

  @Override
  public Signal merge(List<Signal> read) {
    inputs = read;
    shapes = read.stream().map(ReferenceOperation::shape).toList();
    if (operation instanceof Arithmetic
        && shapes.stream().map(Shape::rank).distinct().count() > 1) {
      shapes = read.stream().map(x -> Shape.of(x.positions(), x.width())).toList();
    }
    Shape output = operation.outputShapes(shapes).getFirst();
    Signal y = Signal.zeros(output.positions(), read.getFirst().samples(), output.size(-1));
    for (int n = 0; n < y.samples(); n++) {
      double[] values = result(samples(n));
      for (int e = 0; e < values.length; e++) {
        y.at()[e / y.width()][n][e % y.width()] = values[e];
      }
    }
    return y;
  }

  @Override
  public List<Signal> part(Signal dy, List<double[]> gradients) {
    List<Signal> all = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Signal dx = Signal.zeros(inputs.get(i).positions(), dy.samples(), inputs.get(i).width());
      for (int n = 0; n < dy.samples(); n++) {
        double[] above = sample(dy, n);
        for (int e = 0; e < dx.positions() * dx.width(); e++) {
          dx.at()[e / dx.width()][n][e % dx.width()] = slope(i, n, e, above);
        }
      }
      all.add(dx);
    }
    return all;
  }

  private double slope(int input, int n, int element, double[] above) {
    double difference = 0;
    for (int sign = -1; sign <= 1; sign += 2) {
      List<double[]> moved = samples(n);
      moved.get(input)[element] += sign * H;
      double[] y = result(moved);
      for (int e = 0; e < y.length; e++) {
        difference += sign * y[e] * above[e] / (2 * H);
      }
    }
    return difference;
  }

  private double[] result(List<double[]> x) {
    return switch (operation) {
      case Arithmetic two -> arithmetic(two, x);
      case ArrayArithmetic each -> arithmetic(each, x.getFirst());
      case Elements each -> Arrays.stream(x.getFirst()).map(v -> of(each, v)).toArray();
      case Clip clip ->
          Arrays.stream(x.getFirst())
              .map(v -> v < clip.least() ? clip.least() : v > clip.most() ? clip.most() : v)
              .toArray();
      case Activated function -> activated(function, x.getFirst());
      case Reduction reduction -> reduced(reduction, x.getFirst());
      case SoftmaxOver softmax -> overSteps(x.getFirst());
      case Cumsum sums -> soFar(sums, x.getFirst());
      case Joined joined -> joined(joined, x);
      case GetItem _, OneHot _ -> throw new IllegalStateException("has a reference of its own");
    };
  }

  private double[] arithmetic(Arithmetic two, List<double[]> x) {
    Shape output = two.outputShapes(shapes.subList(0, x.size())).getFirst();
    int width = output.size(-1);
    double[] y = new double[output.positions() * width];
    for (int e = 0; e < y.length; e++) {
      double a = two.left() != null ? two.left() : at(x.getFirst(), shapes.getFirst(), e, width);
      double b = two.right() != null ? two.right() : at(x.getLast(), shapes.getLast(), e, width);
      y[e] =
          switch (two.operator()) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> a > b ? a : b;
            case MINIMUM -> a < b ? a : b;
            case POWER -> Math.exp(b * Math.log(a));
            case EQUAL -> a == b ? 1 : 0;
            case NOT_EQUAL -> a == b ? 0 : 1;
            case GREATER -> a - b > 0 ? 1 : 0;
            case GREATER_EQUAL -> a - b < 0 ? 0 : 1;
            case LESS -> a - b < 0 ? 1 : 0;
            case LESS_EQUAL -> a - b > 0 ? 0 : 1;
            case LOGICAL_AND -> a * b == 0 ? 0 : 1;
            case LOGICAL_OR -> a * a + b * b == 0 ? 0 : 1;
            case WHERE -> a == 0 ? 0 : b;
          };
    }
    return y;
  }

  private double[] arithmetic(ArrayArithmetic each, double[] x) {
    Shape input = shapes.getFirst();
    double[] array = new double[each.array().values().length];
    Arrays.setAll(array, i -> each.array().values()[i]);
    Shape own = Shape.of(each.array().shape().positions(), each.array().shape().size(-1));
    shapes = each.arrayFirst() ? List.of(own, input) : List.of(input, own);
    double[] y =
        arithmetic(
            Arithmetic.of(each.operator()),
            each.arrayFirst() ? List.of(array, x) : List.of(x, array));
    shapes = List.of(input);
    return y;
  }

  private static double at(double[] x, Shape shape, int element, int width) {
    int position = shape.positions() == 1 ? 0 : element / width;
    int column = shape.size(-1) == 1 ? 0 : element % width;
    return x[position * shape.size(-1) + column];
  }

  private static double of(Elements each, double x) {
    return switch (each.function()) {
      case ABSOLUTE -> x < 0 ? -x : x;
      case NEGATIVE -> -x;
      case SQUARE -> x * x;
      case SQRT -> Math.pow(x, 0.5);
      case RSQRT -> Math.pow(x, -0.5);
      case RECIPROCAL -> Math.pow(x, -1);
      case LOG -> Math.log(x);
      case LOG1P -> Math.log(1 + x);
      case EXPM1 -> Math.exp(x) - 1;
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case ERF -> ReferenceFunction.erf(x);
      case SIGN -> x > 0 ? 1 : x < 0 ? -1 : 0;
      case FLOOR -> (long) x > x ? (long) x - 1 : (long) x;
      case CEIL -> (long) x < x ? (long) x + 1 : (long) x;
      case ROUND -> Math.rint(x);
      case LOGICAL_NOT -> x == 0 ? 1 : 0;
      case CAST, STOP_GRADIENT -> x;
    };
  }

  private double[] activated(Activated function, double[] x) {
    int width = shapes.getFirst().size(-1);
    double[] y = new double[x.length];
    for (int from = 0; from < x.length; from += width) {
      Signal row = Signal.of(Arrays.copyOfRange(x, from, from + width), 1, 1, width);
      Signal result = new ReferenceActivationLayer(function.activation()).forward(row);
      System.arraycopy(result.at()[0][0], 0, y, from, width);
    }
    return y;
  }

  /** Returns the groups of elements that become one each, in order. */
  private List<List<Double>> groups(Reduction reduction, double[] x) {
    Shape shape = shapes.getFirst();
    int width = shape.size(-1);
    boolean steps = shape.rank() == 2 && reduction.axes().contains(1);
    boolean features = reduction.axes().contains(shape.rank());
    List<List<Double>> groups = new ArrayList<>();
    for (int g = 0; g < (steps ? 1 : shape.positions()) * (features ? 1 : width); g++) {
      groups.add(new ArrayList<>());
    }
    for (int e = 0; e < x.length; e++) {
      int position = steps ? 0 : e / width;
      groups.get(features ? position : position * width + e % width).add(x[e]);
    }
    return groups;
  }

  private double[] reduced(Reduction reduction, double[] x) {
    return groups(reduction, x).stream().mapToDouble(group -> of(reduction, group)).toArray();
  }

  private static double of(Reduction reduction, List<Double> group) {
    double[] x = group.stream().mapToDouble(each -> each).toArray();
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return switch (reduction.kind()) {
      case SUM -> Arrays.stream(x).sum();
      case MEAN -> mean;
      case MAX -> Arrays.stream(x).max().orElseThrow();
      case MIN -> Arrays.stream(x).min().orElseThrow();
      case VAR -> variance;
      case STD -> Math.sqrt(variance);
      case PROD -> Arrays.stream(x).reduce(1, (a, b) -> a * b);
      case LOGSUMEXP -> Math.log(Arrays.stream(x).map(Math::exp).sum());
      case ANY -> Arrays.stream(x).anyMatch(v -> v != 0) ? 1 : 0;
      case ALL -> Arrays.stream(x).allMatch(v -> v != 0) ? 1 : 0;
      case ARGMAX -> group.indexOf(Arrays.stream(x).max().orElseThrow());
      case ARGMIN -> group.indexOf(Arrays.stream(x).min().orElseThrow());
    };
  }

  private double[] soFar(Cumsum sums, double[] x) {
    Shape shape = shapes.getFirst();
    int width = shape.size(-1);
    int apart = sums.axis() == shape.rank() ? 1 : width;
    double[] y = new double[x.length];
    for (int e = 0; e < y.length; e++) {
      int first = apart == 1 ? e / width * width : e % width;
      for (int before = first; before <= e; before += apart) {
        y[e] += x[before];
      }
    }
    return y;
  }

  private double[] overSteps(double[] x) {
    int width = shapes.getFirst().size(-1);
    double[] y = new double[x.length];
    for (int e = 0; e < y.length; e++) {
      double sum = 0;
      for (int other = e % width; other < x.length; other += width) {
        sum += Math.exp(x[other] - x[e]);
      }
      y[e] = 1 / sum;
    }
    return y;
  }

  /** Sequences one after another are arrays one after another; what is side by side is not. */
  private double[] joined(Joined joined, List<double[]> x) {
    Shape input = shapes.getFirst();
    boolean behind = joined.axis() == 1 && (joined.stacked() || input.rank() == 2);
    int each = joined.stacked() && joined.axis() == input.rank() + 1 ? 1 : input.size(-1);
    List<Double> y = new ArrayList<>();
    for (int from = 0; from < (behind ? 1 : x.getFirst().length / each); from++) {
      for (double[] one : x) {
        int count = behind ? one.length : each;
        Arrays.stream(one, from * count, (from + 1) * count).forEach(y::add);
      }
    }
    return y.stream().mapToDouble(v -> v).toArray();
  }
}
