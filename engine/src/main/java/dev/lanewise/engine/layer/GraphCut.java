package dev.lanewise.engine.layer;

import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one node of a graph needs, and the node: a graph that gives what the node gives. */
final class GraphCut {
  private final Graph whole;
  private final BitSet nodes = new BitSet();
  private final BitSet inputs = new BitSet();

  /** Of the values that are kept, by what they are in the whole. */
  private final Map<Integer, Integer> numbers = new HashMap<>(Map.of(MaskFlow.NONE, MaskFlow.NONE));

  private final List<Integer> layers;
  private final Graph graph;

  /** Cuts a graph above a node. */
  GraphCut(Graph whole, int top) {
    this.whole = whole;
    nodes.set(top);
    for (int n = top; n >= 0; n--) {
      if (nodes.get(n)) {
        need(whole.nodes().get(n).reads());
        need(whole.nodes().get(n).masks());
      }
    }
    layers =
        nodes.stream().map(n -> whole.nodes().get(n).layer()).sorted().distinct().boxed().toList();
    List<Input> read = inputs.stream().mapToObj(whole.inputs()::get).toList();
    inputs.stream().forEach(input -> numbers.put(input, numbers.size() - 1));
    List<Node> calls = nodes.stream().mapToObj(this::call).toList();
    List<Integer> outputs = numbers(valuesOf(top));
    graph = new Graph(read, layers.stream().map(whole.layers()::get).toList(), calls, outputs);
  }

  Graph graph() {
    return graph;
  }

  /** Returns which of the whole's layers are those of the part, in order. */
  List<Integer> layers() {
    return layers;
  }

  private void need(List<Integer> read) {
    for (int value : read) {
      if (value >= whole.inputs().size()) {
        nodes.set(whole.giver(value));
      } else if (value != MaskFlow.NONE) {
        inputs.set(value);
      }
    }
  }

  /** Returns a call in the part; what it gives is numbered after what was there. */
  private Node call(int node) {
    Node call = whole.nodes().get(node);
    Node own =
        new Node(
            layers.indexOf(call.layer()),
            numbers(call.reads()),
            numbers(call.masks()),
            call.within());
    valuesOf(node).forEach(value -> numbers.put(value, numbers.size() - 1));
    return own;
  }

  private List<Integer> valuesOf(int node) {
    List<Integer> values = new ArrayList<>();
    for (int value = whole.firstValue(node); value < whole.firstValue(node + 1); value++) {
      values.add(value);
    }
    return values;
  }

  private List<Integer> numbers(List<Integer> values) {
    return values.stream().map(numbers::get).toList();
  }
}
