package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds an attention of several heads: all of them are one product, with an axis of their own. */
final class OnnxHeads {
  private final OnnxGraph graph;
  private final OnnxCall call;
  private final String name;
  private final MultiHeadAttention layer;

  OnnxHeads(OnnxGraph graph, OnnxCall call, MultiHeadAttention layer) {
    this.graph = graph;
    this.call = call;
    this.layer = layer;
    name = call.name();
  }

  /** Adds the layer's nodes and returns the names of what they make. */
  List<String> add() {
    String query = heads(0, "_query", layer.keyDim(), 0, 2, 1, 3);
    String key = heads(layer.sources(call.values()).size() - 1, "_key", layer.keyDim(), 0, 2, 3, 1);
    String value = heads(1, "_value", layer.valueDim(), 0, 2, 1, 3);
    float scale = (float) (1 / Math.sqrt(layer.keyDim()));
    String products = add("MatMul", "_products", query, key);
    String scores = add("Mul", "_scores", products, graph.scalar(name + "_scale", scale));
    String shares = shares(scores);
    String attended = add("MatMul", "_attended", shares, value);
    graph.node(
        "Transpose",
        List.of(attended),
        List.of(name + "_turned"),
        Attribute.of("perm", 0, 2, 1, 3));
    int width = layer.heads() * layer.valueDim();
    String flat = graph.constant(name + "_flat", 0, 0, width);
    int output = layer.mergedShape(call.shapes()).size(-1);
    String side = add("Reshape", "_side", name + "_turned", flat);
    String all = product(side, "_output", width, output);
    return layer.scoresGiven() ? List.of(all, shares) : List.of(all);
  }

  /** Returns an input's product of each head, its axes in another order. */
  private String heads(int input, String as, int width, int... order) {
    int all = layer.heads() * width;
    String side = product(call.values().get(input), as, call.shapes().get(input).size(-1), all);
    String each = graph.constant(name + as + "_each", 0, 0, layer.heads(), width);
    String apart = add("Reshape", as + "_apart", side, each);
    long[] perm = new long[order.length];
    for (int i = 0; i < perm.length; i++) {
      perm[i] = order[i];
    }
    graph.node(
        "Transpose", List.of(apart), List.of(name + as + "_heads"), Attribute.of("perm", perm));
    return name + as + "_heads";
  }

  private String product(String x, String as, int depth, int width) {
    Shape shape = Shape.of(depth, width);
    String kernel = graph.constant(name + as + "_kernel", shape, call.weights().next());
    String product = add("MatMul", as + "_product", x, kernel);
    if (!layer.useBias()) {
      return product;
    }
    String bias = graph.constant(name + as + "_bias", Shape.of(width), call.weights().next());
    return add("Add", as + "_sum", product, bias);
  }

  /**
   * What counts nowhere for a step is taken alike, and not at all where the layer may take nothing.
   */
  private String shares(String scores) {
    String counts = counts();
    String shares = OnnxScores.shares(graph, name, scores, counts);
    if (counts == null || !layer.mayTakeNothing()) {
      return shares;
    }
    String any = name + "_any";
    graph.node(
        "ReduceMax",
        List.of(counts),
        List.of(any),
        Attribute.of("axes", new long[] {-1}),
        Attribute.of("keepdims", 1));
    return add("Mul", "_of_any", shares, any);
  }

  /** Returns where a score counts, [batch or 1, 1, Tq or 1, Tv or 1], null if everywhere. */
  private @Nullable String counts() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < layer.sources(call.values()).size(); i++) {
      OnnxMask mask = call.masks().get(i);
      if (mask != null) {
        String as = name + "_counts" + i;
        String[] of = {mask.value(), as};
        if (i > 0) {
          graph.node("Transpose", List.of(of[0]), List.of(of[1]), Attribute.of("perm", 0, 2, 1));
        }
        all.add(i > 0 ? of[1] : of[0]);
      }
    }
    if (layer.causal()) {
      all.add(OnnxScores.before(graph, name, call.shapes()));
    }
    if (layer.attentionMask() && !toldByHead()) {
      all.add(told());
    }
    String counts = null;
    for (String each : all) {
      counts = counts == null ? each : add("Mul", "_count" + all.indexOf(each), counts, each);
    }
    String ofHeads =
        counts == null
            ? null
            : add("Unsqueeze", "_of_heads", counts, graph.constant(name + "_heads_axis", 1));
    if (!layer.attentionMask() || !toldByHead()) {
      return ofHeads;
    }
    return ofHeads == null ? told() : add("Mul", "_of_each", ofHeads, told());
  }

  private boolean toldByHead() {
    return call.shapes().getLast().rank() == 3;
  }

  /** Returns where a step may be taken, 1, or may not, 0. */
  private String told() {
    String of = call.values().getLast();
    cast(of, name + "_told", OnnxGraph.BOOL);
    return cast(name + "_told", name + "_taken", OnnxGraph.FLOAT);
  }

  private String cast(String value, String as, int type) {
    graph.node("Cast", List.of(value), List.of(as), Attribute.of("to", type));
    return as;
  }

  private String add(String operator, String as, String... inputs) {
    graph.node(operator, List.of(inputs), List.of(name + as));
    return name + as;
  }
}
