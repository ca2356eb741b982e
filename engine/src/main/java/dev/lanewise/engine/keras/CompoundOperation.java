package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import dev.lanewise.engine.layer.Activated;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GetItem.Index;
import dev.lanewise.engine.layer.GetItem.Part;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Operations of Keras's that are several of those that there are here, as they are read: a model
 * that has one has these, and so no backend needs to know it.
 */
final class CompoundOperation {
  /** The classes, as messages list them. */
  static final Set<String> CLASSES =
      Set.of(
          "Split",
          "Unstack",
          "Glu",
          "LogSoftmax",
          "Roll",
          "Moments",
          "ZerosLike",
          "OnesLike",
          "Einsum",
          "Where",
          "Take",
          "Pad");

  /** Stands for a value that nobody reads, and that is not made. */
  static final int UNREAD = -1;

  /** TensorFlow's sizes of what is split, where Keras has the places between. */
  static final String SIZES = "sizes";

  private static final String AXIS = "axis";
  private static final String SECTIONS = "indices_or_sections";
  private static final String NUMBER = "num";
  private static final String AXES = "axes";
  private static final String SHIFT = "shift";
  private static final Set<String> SPLIT = Set.of("name", AXIS, SECTIONS, SIZES);
  private static final Set<String> UNSTACKED = Set.of("name", AXIS, NUMBER);
  private static final Set<String> ALONG = Set.of("name", AXIS);
  private static final Set<String> ROLLED = Set.of("name", AXIS, SHIFT);
  private static final Set<String> MOMENTS = Set.of("name", AXES, "keepdims", "synchronized");
  private static final Set<String> ALIKE = Set.of("name", "dtype");
  private static final int MOST_PARTS = 128;

  private final OperationNode operation;
  private final Config config;
  private final Graph graph;

  /** Where operations are put, each of which gives a value. */
  interface Graph {
    /** Returns the value that a layer gives of others. */
    int put(Layer layer, List<Integer> reads);

    /** Returns a value that is made of two. */
    default int two(Operator operator, int left, int right) {
      return put(Arithmetic.of(operator), List.of(left, right));
    }

    /** Returns a value that is made of one and a number. */
    default int with(Operator operator, int left, double right) {
      return put(Arithmetic.with(operator, right), List.of(left));
    }

    /** Returns a value whose elements are functions of another's. */
    default int each(Function function, int x) {
      return put(new Elements(function), List.of(x));
    }

    /** Returns a value's shape, of one sample. */
    Shape shape(int value);

    /** Returns whether one of the values that the operation gives is read by anybody. */
    boolean isRead(int part);

    /** Returns whether a value may have another number of steps another time. */
    boolean isOpen(int value);
  }

  private CompoundOperation(OperationNode operation, Graph graph) {
    this.operation = operation;
    this.graph = graph;
    config = operation.config();
  }

  /** Returns whether an operation is several. */
  static boolean isOne(OperationNode operation) {
    return CLASSES.contains(operation.type())
        || LengthConfig.CLASSES.contains(operation.type())
        || TilingConfig.CLASSES.contains(operation.type())
        || FormulaConfig.isOne(operation)
        || GetItemConfig.addsSizes(operation);
  }

  /** Returns the most operations that one is, whatever it reads. */
  static int most(OperationNode operation) {
    Config config = operation.config();
    return switch (operation.type()) {
      case "Split" -> sections(config).size();
      case "Unstack" -> config.has(NUMBER) ? number(config) : MOST_PARTS;
      case "Pad" -> PadConfig.most(config);
      case "Einsum" -> 4;
      case "Where" -> WhereConfig.most(operation);
      case "Take" -> TakeConfig.most(operation);
      case "GetItem" -> 2;
      case "Tile", "Repeat" -> TilingConfig.most(operation);
      case String type when FormulaConfig.isOne(operation) -> FormulaConfig.most(operation);
      default -> 5; // of a normalization
    };
  }

  /**
   * Puts the operations of one in a graph, and returns the values that it gives.
   *
   * @param reads what it takes
   */
  static List<Integer> put(OperationNode operation, List<Integer> reads, Graph graph) {
    CompoundOperation compound = new CompoundOperation(operation, graph);
    try {
      return compound.put(reads);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(compound.config.where() + ": " + e.getMessage(), e);
    }
  }

  private List<Integer> put(List<Integer> reads) {
    if (FormulaConfig.isOne(operation)) {
      return List.of(FormulaConfig.put(operation, reads, graph));
    }
    return switch (operation.type()) {
      case "Einsum" -> List.of(EinsumConfig.put(operation, reads, graph));
      case "Where" -> List.of(WhereConfig.put(operation, reads, graph));
      default -> {
        if (reads.size() != 1) {
          throw new ModelFormatException(
              config.where() + ": takes one value, found " + reads.size());
        }
        yield ofOne(reads.getFirst());
      }
    };
  }

  private List<Integer> ofOne(int x) {
    return switch (operation.type()) {
      case "Pad" -> List.of(PadConfig.put(operation, x, graph));
      case "Take" -> List.of(TakeConfig.put(operation, x, graph));
      case "GetItem" -> List.of(GetItemConfig.put(operation, x, graph));
      case "Tile", "Repeat" -> List.of(TilingConfig.put(operation, x, graph));
      default ->
          LengthConfig.CLASSES.contains(operation.type())
              ? List.of(LengthConfig.put(operation, x, graph))
              : ofNothingElse(x);
    };
  }

  private List<Integer> ofNothingElse(int x) {
    operation.arguments(1);
    return switch (operation.type()) {
      case "Split" -> split(x);
      case "Unstack" -> unstacked(x);
      case "Glu" -> List.of(gated(x));
      case "LogSoftmax" -> List.of(logSoftmax(x));
      case "Roll" -> List.of(rolled(x));
      case "Moments" -> moments(x);
      case "ZerosLike" -> List.of(zeros(x));
      default -> List.of(graph.with(Operator.ADD, zeros(x), 1)); // OnesLike
    };
  }

  /** What is taken of one of a value's sizes, whole of the others. */
  static GetItem along(int axis, Part part) {
    List<Part> parts = new ArrayList<>(Collections.nCopies(axis - 1, Slice.ALL));
    parts.add(part);
    return new GetItem(parts);
  }

  private int put(Layer layer, Integer... reads) {
    return graph.put(layer, List.of(reads));
  }

  private int axis(int x, int otherwise) {
    int sizes = graph.shape(x).rank() + 1;
    int axis =
        config.json().has(AXIS) || otherwise == 0
            ? (int) config.whole(AXIS, -sizes, sizes - 1L)
            : otherwise;
    int counted = axis < 0 ? axis + sizes : axis;
    if (counted == 0) {
      throw config.wrong(AXIS, "another axis than the batch's");
    }
    return counted;
  }

  /** Returns the places between parts; as many zeros as there are where the parts are alike. */
  private static List<Integer> sections(Config config) {
    config.requireKnown(SPLIT);
    String key = config.has(SIZES) ? SIZES : SECTIONS;
    if (!(config.json().get(key) instanceof JsonArray several)) {
      return Collections.nCopies((int) config.whole(key, 1, MOST_PARTS), 0);
    }
    List<Integer> ends = new ArrayList<>();
    int end = 0;
    for (JsonElement each : several) {
      int place = (int) config.element(key, each).whole(key, 1, Integer.MAX_VALUE);
      end = key.equals(SIZES) ? Math.addExact(end, place) : place;
      if (ends.size() == MOST_PARTS || (!ends.isEmpty() && end <= ends.getLast())) {
        throw config.wrong(key, "at most " + MOST_PARTS + " ascending places");
      }
      ends.add(end);
    }
    if (key.equals(SECTIONS)) {
      ends.add(Integer.MAX_VALUE); // what is left
    }
    if (ends.isEmpty()) {
      throw config.wrong(key, "a number of parts, or their places");
    }
    return ends;
  }

  private List<Integer> split(int x) {
    List<Integer> ends = new ArrayList<>(sections(config));
    int axis = axis(x, 0);
    int size = graph.shape(x).size(axis - 1);
    boolean alike = ends.getFirst() == 0;
    if (alike) {
      requireKnown(x, axis);
      if (size % ends.size() != 0) {
        throw config.wrong(SECTIONS, "a divisor of " + size);
      }
      ends.replaceAll(_ -> 0);
      for (int i = 0; i < ends.size(); i++) {
        ends.set(i, (i + 1) * (size / ends.size()));
      }
    } else if (config.has(SIZES) && ends.getLast() != size) {
      throw config.wrong(SIZES, "sizes that add up to " + size);
    }
    List<Integer> parts = new ArrayList<>();
    int start = 0;
    for (int end : ends) {
      boolean last = end == size || end == Integer.MAX_VALUE;
      Slice part = new Slice(start == 0 ? null : start, last ? null : end, null);
      parts.add(graph.isRead(parts.size()) ? put(along(axis, part), x) : UNREAD);
      start = end;
    }
    return parts;
  }

  /** With other steps, other places would be taken. */
  private void requireKnown(int x, int axis) {
    if (axis == 1 && graph.isOpen(x)) {
      throw new ModelFormatException(
          config.where()
              + ": of a number of steps that the model's input leaves open is not supported; give"
              + " the input a number of steps");
    }
  }

  private static int number(Config config) {
    return (int) config.whole(NUMBER, 1, MOST_PARTS);
  }

  private List<Integer> unstacked(int x) {
    config.requireKnown(UNSTACKED);
    int axis = axis(x, 0);
    requireKnown(x, axis);
    int size = graph.shape(x).size(axis - 1);
    if (size > MOST_PARTS || (config.has(NUMBER) && number(config) != size)) {
      throw config.wrong(NUMBER, size + " parts, " + MOST_PARTS + " at most");
    }
    List<Integer> parts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      parts.add(graph.isRead(i) ? put(along(axis, new Index(i)), x) : UNREAD);
    }
    return parts;
  }

  /** One half, as far as the sigmoid of the other lets it through (Dauphin et al. 2016). */
  private int gated(int x) {
    config.requireKnown(ALONG);
    int axis = axis(x, -1);
    requireKnown(x, axis);
    int size = graph.shape(x).size(axis - 1);
    if (size % 2 != 0) {
      throw config.wrong(AXIS, "one of an even number, found " + size);
    }
    int value = put(along(axis, new Slice(null, size / 2, null)), x);
    int gate = put(along(axis, new Slice(size / 2, null, null)), x);
    int open = put(new Activated(Activation.SIGMOID), gate);
    return put(Arithmetic.of(Operator.MULTIPLY), value, open);
  }

  private int logSoftmax(int x) {
    config.requireKnown(ALONG);
    int all = put(new Reduction(Kind.LOGSUMEXP, List.of(axis(x, -1)), true), x);
    return put(Arithmetic.of(Operator.SUBTRACT), x, all);
  }

  /** What is pushed out at one end comes in at the other. */
  private int rolled(int x) {
    config.requireKnown(ROLLED);
    int axis = axis(x, 0);
    int size = graph.shape(x).size(axis - 1);
    int shift = (int) config.whole(SHIFT, 1L - size, size - 1L);
    if (shift == 0) {
      throw config.wrong(SHIFT, "other than 0");
    }
    int first = put(along(axis, new Slice(-shift, null, null)), x);
    int rest = put(along(axis, new Slice(null, -shift, null)), x);
    return put(new Joined(axis, false), first, rest);
  }

  private List<Integer> moments(int x) {
    config.requireKnown(MOMENTS);
    List<Integer> axes = AxesConfig.axes(config, AXES, graph.shape(x).rank() + 1);
    boolean kept = config.bool("keepdims", false);
    List<Integer> both = new ArrayList<>();
    for (Kind kind : List.of(Kind.MEAN, Kind.VAR)) {
      boolean made = graph.isRead(both.size());
      both.add(made ? put(new Reduction(kind, axes, kept), x) : UNREAD);
    }
    return both;
  }

  private int zeros(int x) {
    config.requireKnown(ALIKE);
    @Nullable String type = config.stringOrNull("dtype");
    if (type != null && !type.equals("float32")) {
      throw config.wrong("dtype", "float32");
    }
    return graph.with(Operator.MULTIPLY, x, 0);
  }
}
