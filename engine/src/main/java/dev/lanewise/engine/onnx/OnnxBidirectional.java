package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.onnx.OnnxGraph.Attribute;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds two layers, whose outputs are merged; the backward one's steps are put in the input's order.
 * States to begin with, and last ones, are the forward layer's first.
 */
final class OnnxBidirectional {
  private OnnxBidirectional() {}

  /** Adds the layers' nodes and returns the names of what they make, in the layer's order. */
  static List<String> add(OnnxGraph graph, Bidirectional both, OnnxCall call) {
    String name = call.name();
    int states = both.forward().stateShapes(call.input()).size();
    boolean given = call.values().size() > 1;
    List<String> forward =
        OnnxRecurrent.add(
            graph,
            both.forward(),
            call.named(name + "_forward").reading(given ? 1 : 0, given ? states : 0),
            null);
    List<String> backward =
        OnnxRecurrent.add(
            graph,
            both.backward(),
            call.named(name + "_backward").reading(given ? 1 + states : 0, given ? states : 0),
            null);
    String forth = forward.getFirst();
    String back = backward.getFirst();
    if (both.returnSequences()) {
      back = OnnxRecurrent.turned(graph, name + "_backward_in_order", back, 1);
    }
    List<String> outputs = List.of(forth, back);
    String y = name + "_y";
    List<String> all = new ArrayList<>(List.of(y));
    switch (both.merge()) {
      case CONCAT -> graph.node("Concat", outputs, List.of(y), Attribute.of("axis", -1));
      case SUM -> graph.node("Sum", outputs, List.of(y));
      case MUL -> graph.node("Mul", outputs, List.of(y));
      case AVE -> graph.node("Mean", outputs, List.of(y));
      case NONE -> all = new ArrayList<>(outputs);
    }
    all.addAll(forward.subList(1, forward.size()));
    all.addAll(backward.subList(1, backward.size()));
    return all;
  }
}
