package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.ArrayArithmetic;
import dev.lanewise.engine.layer.Constant;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions of numbers that are a formula of others, as they are read. */
final class FormulaConfig {
  /** Those of two sides. */
  private static final Set<String> OF_TWO = Set.of("Logaddexp", "FloorDivide", "Mod");

  /** The classes; of {@code Gelu} the approximation by tanh. */
  static final Set<String> CLASSES =
      Set.of("Logaddexp", "FloorDivide", "Mod", "Threshold", "Diff", "Triu", "Tril");

  private static final String GELU = "Gelu";
  private static final String AXIS = "axis";
  private static final String TIMES = "n";
  private static final String DIAGONAL = "k";
  private static final int MOST_TIMES = 8;

  /** The array is kept: a file of a few bytes is not to ask for gigabytes. */
  private static final int MOST_ELEMENTS = 1 << 20;

  private static final Set<String> NONE = Set.of("name");
  private static final Set<String> APPROXIMATE = Set.of("name", "approximate");
  private static final Set<String> THRESHOLD = Set.of("name", "threshold", "default_value");
  private static final Set<String> DIFFERENCES = Set.of("name", AXIS, TIMES);
  private static final Set<String> TRIANGLE = Set.of("name", DIAGONAL);

  private final OperationNode operation;
  private final Config config;
  private final CompoundOperation.Graph graph;

  private FormulaConfig(OperationNode operation, CompoundOperation.Graph graph) {
    this.operation = operation;
    this.graph = graph;
    config = operation.config();
  }

  /** One side of two: a number, or a value. */
  private record Side(@Nullable Double number, int value) {}

  /** Returns whether an operation is a formula. */
  static boolean isOne(OperationNode operation) {
    return CLASSES.contains(operation.type())
        || (operation.type().equals(GELU) && isApproximate(operation.config()));
  }

  private static boolean isApproximate(Config config) {
    return config.bool("approximate", true);
  }

  /** Returns the most operations that it is. */
  static int most(OperationNode operation) {
    return operation.type().equals("Diff") ? 3 * times(operation.config()) : 9;
  }

  /** Puts the operations in a graph, and returns the value that they give. */
  static int put(OperationNode operation, List<Integer> reads, CompoundOperation.Graph graph) {
    FormulaConfig formula = new FormulaConfig(operation, graph);
    if (OF_TWO.contains(operation.type())) {
      return formula.ofTwo(reads);
    }
    operation.arguments(1);
    int x = reads.getFirst();
    return switch (operation.type()) {
      case "Threshold" -> formula.threshold(x);
      case "Diff" -> formula.differences(x);
      case "Triu" -> formula.triangle(x, true);
      case "Tril" -> formula.triangle(x, false);
      default -> formula.gelu(x);
    };
  }

  private int ofTwo(List<Integer> reads) {
    config.requireKnown(NONE);
    List<JsonElement> sides = operation.arguments(2);
    Side a = side(sides.get(0), reads.getFirst());
    Side b = side(sides.get(1), reads.getLast());
    if (operation.type().equals("Logaddexp")) { // max + ln(1 + e^-|a - b|), which never overflows
      int apart = graph.each(Function.ABSOLUTE, two(Operator.SUBTRACT, a, b));
      int rest =
          graph.put(
              new Activated(Activation.SOFTPLUS), List.of(graph.each(Function.NEGATIVE, apart)));
      return graph.two(Operator.ADD, two(Operator.MAXIMUM, a, b), rest);
    }
    int whole = graph.each(Function.FLOOR, two(Operator.DIVIDE, a, b));
    if (operation.type().equals("FloorDivide")) {
      return whole;
    }
    int less = two(Operator.MULTIPLY, new Side(null, whole), b);
    return two(Operator.SUBTRACT, a, new Side(null, less));
  }

  private Side side(JsonElement argument, int value) {
    Double number = OperationNode.numberOrNull(argument);
    if (number == null && !LayerCall.isValue(argument)) {
      throw new ModelFormatException(
          config.where()
              + ": is called with "
              + LayerConfig.shortened(argument.toString())
              + "; values and numbers are supported");
    }
    return new Side(number, value);
  }

  private int two(Operator operator, Side a, Side b) {
    if (a.number == null && b.number == null) {
      return graph.two(operator, a.value, b.value);
    }
    int value = a.number == null ? a.value : b.value;
    return graph.put(new Arithmetic(operator, a.number, b.number), List.of(value));
  }

  /** What is not above is another number. */
  private int threshold(int x) {
    config.requireKnown(THRESHOLD);
    int above = graph.with(Operator.GREATER, x, config.number("threshold"));
    int kept = graph.two(Operator.WHERE, above, x);
    double other = config.number("default_value");
    if (other == 0) {
      return kept;
    }
    int below = graph.each(Function.LOGICAL_NOT, above);
    return graph.two(Operator.ADD, kept, graph.with(Operator.WHERE, below, other));
  }

  private static int times(Config config) {
    return config.has(TIMES) ? (int) config.whole(TIMES, 1, MOST_TIMES) : 1;
  }

  /** What each is more than the one before, as often as is said. */
  private int differences(int x) {
    config.requireKnown(DIFFERENCES);
    int sizes = graph.shape(x).rank() + 1;
    int axis = config.has(AXIS) ? AxesConfig.axis(config, AXIS, sizes) : sizes - 1;
    int y = x;
    for (int i = 0; i < times(config); i++) {
      int later = graph.put(CompoundOperation.along(axis, new Slice(1, null, null)), List.of(y));
      int before = graph.put(CompoundOperation.along(axis, new Slice(null, -1, null)), List.of(y));
      y = graph.two(Operator.SUBTRACT, later, before);
    }
    return y;
  }

  /** What is above the diagonal of a matrix, or below, and 0 elsewhere. */
  private int triangle(int x, boolean above) {
    config.requireKnown(TRIANGLE);
    Shape shape = graph.shape(x);
    if (shape.rank() < 2 || graph.isOpen(x)) {
      throw new ModelFormatException(
          config.where() + ": of matrices of known sizes is supported, found " + shape);
    }
    int rows = shape.size(-2);
    int columns = shape.size(-1);
    if ((long) rows * columns > MOST_ELEMENTS) {
      throw new ModelFormatException(
          config.where()
              + ": of at most "
              + MOST_ELEMENTS
              + " elements is supported, found "
              + shape);
    }
    int diagonal = config.has(DIAGONAL) ? (int) config.whole(DIAGONAL, -(1 << 24), 1 << 24) : 0;
    float[] kept = new float[rows * columns];
    for (int i = 0; i < kept.length; i++) {
      int right = i % columns - i / columns;
      kept[i] = (above ? right >= diagonal : right <= diagonal) ? 1 : 0;
    }
    Constant matrix = Constant.of(Shape.of(rows, columns), kept);
    return graph.put(new ArrayArithmetic(Operator.MULTIPLY, matrix, false), List.of(x));
  }

  /** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) (Hendrycks and Gimpel 2016). */
  private int gelu(int x) {
    config.requireKnown(APPROXIMATE);
    int square = graph.each(Function.SQUARE, x);
    int factor = graph.with(Operator.MULTIPLY, square, 0.044715);
    int inner = graph.two(Operator.MULTIPLY, x, graph.with(Operator.ADD, factor, 1));
    int scaled = graph.with(Operator.MULTIPLY, inner, Math.sqrt(2 / Math.PI));
    int curve = graph.put(new Activated(Activation.TANH), List.of(scaled));
    int half = graph.with(Operator.MULTIPLY, x, 0.5);
    return graph.two(Operator.MULTIPLY, half, graph.with(Operator.ADD, curve, 1));
  }
}
