package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import java.util.List;
import java.util.Set;

/** Lengths of vectors along axes, and what has a length of 1, as they are read. */
final class LengthConfig {
  /** The classes; TensorFlow's differs from Keras's. */
  static final Set<String> CLASSES = Set.of("Norm", "Normalize", "L2Normalize");

  private static final String AXIS = "axis";
  private static final String ORDER = "ord";
  private static final String EPSILON = "epsilon";
  private static final Set<String> NORM = Set.of("name", AXIS, ORDER, "keepdims");
  private static final Set<String> NORMALIZED = Set.of("name", AXIS, "order", EPSILON);
  private static final Set<String> ABSOLUTE = Set.of("1", "1.0");
  private static final Set<String> EUCLIDEAN = Set.of("null", "2", "2.0", "\"euclidean\"");
  private static final Set<String> FROBENIUS = Set.of("null", "\"fro\"");
  private static final double KERAS_EPSILON = 1e-7;
  private static final double TENSORFLOW_EPSILON = 1e-12;

  private final Config config;
  private final CompoundOperation.Graph graph;

  private LengthConfig(Config config, CompoundOperation.Graph graph) {
    this.config = config;
    this.graph = graph;
  }

  /** Puts the operations in a graph, and returns the value that they give. */
  static int put(OperationNode operation, int x, CompoundOperation.Graph graph) {
    operation.arguments(1);
    LengthConfig lengths = new LengthConfig(operation.config(), graph);
    return switch (operation.type()) {
      case "Norm" -> lengths.norm(x);
      case "Normalize" -> lengths.normalized(x);
      default -> lengths.lengthOne(x);
    };
  }

  /** Of numbers along an axis, or of all of a matrix (Frobenius) where axes are several. */
  private int norm(int x) {
    config.requireKnown(NORM);
    List<Integer> axes = AxesConfig.axes(config, AXIS, graph.shape(x).rank() + 1);
    boolean kept = config.bool("keepdims", false);
    String order = config.has(ORDER) ? config.json().get(ORDER).toString() : "null";
    if (axes.size() == 1 && ABSOLUTE.contains(order)) {
      return sum(graph.each(Function.ABSOLUTE, x), axes, kept);
    }
    if (!(axes.size() == 1 ? EUCLIDEAN : FROBENIUS).contains(order)) {
      throw config.wrong(ORDER, "null, or of one axis 1 or 2");
    }
    return graph.each(Function.SQRT, sum(graph.each(Function.SQUARE, x), axes, kept));
  }

  private int sum(int x, List<Integer> axes, boolean kept) {
    return graph.put(new Reduction(Kind.SUM, axes, kept), List.of(x));
  }

  /** Without the square root: the reciprocal of a length is at most that of epsilon. */
  private int normalized(int x) {
    config.requireKnown(NORMALIZED);
    if (config.number("order", 2) != 2) {
      throw config.wrong("order", "2");
    }
    int root = graph.each(Function.RSQRT, squares(x));
    double most = 1 / config.number(EPSILON, KERAS_EPSILON);
    return graph.two(Operator.MULTIPLY, x, graph.with(Operator.MINIMUM, root, most));
  }

  private int squares(int x) {
    int sizes = graph.shape(x).rank() + 1;
    int axis = config.has(AXIS) ? AxesConfig.axis(config, AXIS, sizes) : sizes - 1;
    return sum(graph.each(Function.SQUARE, x), List.of(axis), true);
  }

  /** TensorFlow's, in which the square of a length is at least epsilon. */
  private int lengthOne(int x) {
    config.requireKnown(NORMALIZED);
    double least = config.number(EPSILON, TENSORFLOW_EPSILON);
    int squares = graph.with(Operator.MAXIMUM, squares(x), least);
    return graph.two(Operator.MULTIPLY, x, graph.each(Function.RSQRT, squares));
  }
}
