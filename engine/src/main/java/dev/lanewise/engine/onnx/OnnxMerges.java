package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Adds a layer that makes one value of several. */
final class OnnxMerges {
  /** Below it Keras takes a square of a length for zero. */
  private static final float SHORTEST = 1e-12f;

  private final OnnxGraph graph;
  private final OnnxCall call;
  private final String name;

  OnnxMerges(OnnxGraph graph, OnnxCall call) {
    this.graph = graph;
    this.call = call;
    name = call.name();
  }

  /** Adds the layer's nodes and returns the names of what they make. */
  List<String> add(Merge layer) {
    return switch (layer) {
      case Pointwise each -> List.of(pointwise(each));
      case Concatenate side -> {
        int axis = 1 + side.place(call.input().rank());
        graph.node("Concat", call.values(), List.of(name + "_y"), Attribute.of("axis", axis));
        yield List.of(name + "_y");
      }
      case Dot dot -> List.of(dot(dot));
      case Attention each -> attended(scores(each), each.causal(), each.scoresGiven());
      case AdditiveAttention each -> attended(scores(each), each.causal(), each.scoresGiven());
      case MultiHeadAttention heads -> new OnnxHeads(graph, call, heads).add();
    };
  }

  /**
   * ONNX has sizes of 1 repeated, and puts them in front of what has fewer: here behind the batch.
   */
  private String pointwise(Pointwise layer) {
    int most = call.shapes().stream().mapToInt(Shape::rank).max().orElseThrow();
    List<String> alike = new ArrayList<>();
    for (int i = 0; i < call.values().size(); i++) {
      int fewer = most - call.shapes().get(i).rank();
      String value = call.values().get(i);
      long[] axes = LongStream.rangeClosed(1, fewer).toArray();
      alike.add(
          fewer == 0
              ? value
              : add("Unsqueeze", "_wide" + i, value, graph.constant(name + "_axes" + i, axes)));
    }
    boolean masked = call.masks().stream().anyMatch(Objects::nonNull);
    return layer.heedsMasks() && masked
        ? underMasks(layer.operation(), alike)
        : merged(layer.operation(), alike);
  }

  private String merged(Pointwise.Operation operation, List<String> values) {
    String y = name + "_y";
    switch (operation) {
      case ADD -> graph.node("Sum", values, List.of(y));
      case SUBTRACT -> graph.node("Sub", values, List.of(y));
      case AVERAGE -> graph.node("Mean", values, List.of(y));
      case MAXIMUM -> graph.node("Max", values, List.of(y));
      case MINIMUM -> graph.node("Min", values, List.of(y));
      case MULTIPLY -> {
        String product = values.getFirst();
        for (int i = 1; i < values.size(); i++) {
          product = add("Mul", "_product" + i, product, values.get(i));
        }
        graph.node("Identity", List.of(product), List.of(y));
      }
    }
    return y;
  }

  /** What is masked changes nothing; where all is, a product is 0, and else the first value. */
  private String underMasks(Pointwise.Operation operation, List<String> values) {
    if (call.shapes().stream().anyMatch(shape -> shape.rank() > 2)) {
      throw new IllegalArgumentException(
          "onnx: " + name + ": masked values of more than [steps, features] are not exported yet");
    }
    boolean product = operation == Pointwise.Operation.MULTIPLY;
    float nothing =
        product ? 1 : operation == Pointwise.Operation.MAXIMUM ? -Float.MAX_VALUE : Float.MAX_VALUE;
    String neutral = graph.scalar(name + "_nothing", nothing);
    List<String> counted = new ArrayList<>();
    List<OnnxMask> masks = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      OnnxMask mask = call.masks().get(i);
      if (mask == null) {
        counted.add(values.get(i));
      } else {
        masks.add(mask);
        String counts = mask.counts(name + "_counts" + i);
        counted.add(add("Where", "_counted" + i, counts, values.get(i), neutral));
      }
    }
    String y = merged(operation, counted);
    if (masks.size() < values.size()) {
      return y;
    }
    String any = OnnxMask.either(graph, name + "_any", masks).counts(name + "_counts");
    String otherwise = product ? graph.scalar(name + "_none", 0) : values.getFirst();
    return add("Where", "_where", any, y, otherwise);
  }

  /** [batch, left, summed] times [batch, summed, left]. */
  private String dot(Dot dot) {
    if (call.shapes().stream().anyMatch(shape -> shape.rank() > 2)) {
      throw new IllegalArgumentException(
          "onnx: " + name + " (dot): a Dot of more than [steps, features] is not exported yet");
    }
    String first = operand(dot, 0, 1);
    String second = operand(dot, 1, 0);
    String product = add("MatMul", "_product", first, second);
    boolean one = call.shapes().get(0).rank() == 1;
    boolean other = call.shapes().get(1).rank() == 1;
    long[] axes = other ? new long[] {2} : one ? new long[] {1} : new long[0];
    return axes.length == 0
        ? product
        : add("Squeeze", "_y", product, graph.constant(name + "_left", axes));
  }

  /** Returns an input with the sizes that are summed over where a product has them. */
  private String operand(Dot dot, int input, int place) {
    Shape shape = call.shapes().get(input);
    int summed = dot.summed(input, shape);
    String value = call.values().get(input);
    if (dot.normalize()) {
      value = normalized(value, "_unit" + input, 1 + summed);
    }
    if (shape.rank() == 1) {
      String axis = graph.constant(name + "_axis" + input, 2 - place);
      return add("Unsqueeze", "_matrix" + input, value, axis);
    }
    return summed == place ? value : transposed(value, "_matrix" + input);
  }

  private String normalized(String value, String as, int axis) {
    String squares = name + as + "_squares";
    graph.node(
        "ReduceSumSquare",
        List.of(value),
        List.of(squares),
        Attribute.of("axes", new long[] {axis}),
        Attribute.of("keepdims", 1));
    String least = graph.scalar(name + as + "_least", SHORTEST);
    String length = add("Sqrt", as + "_length", add("Max", as + "_square", squares, least));
    return add("Div", as, value, length);
  }

  private String transposed(String value, String as) {
    graph.node("Transpose", List.of(value), List.of(name + as), Attribute.of("perm", 0, 2, 1));
    return name + as;
  }

  private String scores(Attention layer) {
    String scale = layer.useScale() ? scalar("_scale") : null;
    if (layer.scoreMode() == Attention.ScoreMode.DOT) {
      String scores = add("MatMul", "_products", call.x(), transposed(key(), "_key"));
      return scale == null ? scores : add("Mul", "_scaled", scores, scale);
    }
    String weight = scalar("_concat_score_weight");
    String sums = sums();
    String bent = add("Tanh", "_bent", scale == null ? sums : add("Mul", "_scaled", sums, scale));
    return add("Mul", "_scores", summed(bent), weight);
  }

  private String scores(AdditiveAttention layer) {
    String bent = add("Tanh", "_bent", sums());
    if (!layer.useScale()) {
      return summed(bent);
    }
    Shape features = Shape.of(call.input().size(-1));
    String scale = graph.constant(name + "_scale", features, call.weights().next());
    return summed(add("Mul", "_weighted", bent, scale));
  }

  private String scalar(String as) {
    return graph.scalar(name + as, call.weights().next()[0]);
  }

  private String key() {
    return call.values().getLast(); // the value, unless given
  }

  /** Of each step of the query and each of the key: [batch, Tq, Tv, features]. */
  private String sums() {
    String query = add("Unsqueeze", "_queries", call.x(), graph.constant(name + "_of_key", 2));
    String key = add("Unsqueeze", "_keys", key(), graph.constant(name + "_of_query", 1));
    return add("Add", "_sums", query, key);
  }

  private String summed(String values) {
    String summed = name + "_summed";
    graph.node(
        "ReduceSum",
        List.of(values, graph.constant(name + "_features", 3)),
        List.of(summed),
        Attribute.of("keepdims", 0));
    return summed;
  }

  /** The value's steps by their scores; a step of the query that is masked gives zeros. */
  private List<String> attended(String scores, boolean causal, boolean given) {
    String shares = OnnxScores.shares(graph, name, scores, counts(causal));
    String y = add("MatMul", "_attended", shares, call.values().get(1));
    OnnxMask query = call.mask();
    String output = query == null ? y : query.clear(name, y);
    return given ? List.of(output, shares) : List.of(output);
  }

  /** Returns where a score counts, [batch or 1, Tq or 1, Tv], null if everywhere. */
  private @Nullable String counts(boolean causal) {
    OnnxMask value = call.masks().get(1);
    String counts = value == null ? null : transposed(value.value(), "_counts");
    if (!causal) {
      return counts;
    }
    String causes = OnnxScores.before(graph, name, call.shapes());
    return counts == null ? causes : add("Mul", "_count", counts, causes);
  }

  private String add(String operator, String as, String... inputs) {
    graph.node(operator, List.of(inputs), List.of(name + as));
    return name + as;
  }
}
