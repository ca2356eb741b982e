package dev.lanewise.engine.layer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses graphs in which something is of no use: nobody reads it, or there are two of it. */
final class GraphUse {
  private GraphUse() {}

  static void require(Graph graph) {
    requireDistinct("input", graph.inputs().stream().map(Graph.Input::name).toList());
    requireDistinct("output", graph.outputs());
    for (int l = 0; l < graph.layers().size(); l++) {
      if (graph.calls(l) == 0) {
        throw new IllegalArgumentException(
            "model: layer " + l + " (" + className(graph, l) + ") is called nowhere");
      }
    }
    for (int output : graph.outputs()) {
      if (output < graph.inputs().size() || output >= graph.shapes().size()) {
        throw new IllegalArgumentException(
            "model: output " + output + " is no layer's; a model gives what layers give");
      }
    }
    for (int i = 0; i < graph.inputs().size(); i++) {
      requireRead(graph, i, i + 1, "input " + graph.inputs().get(i).name());
    }
    for (int n = 0; n < graph.nodes().size(); n++) {
      String what = "what a " + className(graph, graph.nodes().get(n).layer()) + " gives";
      requireRead(graph, graph.firstValue(n), graph.firstValue(n + 1), what);
    }
  }

  private static String className(Graph graph, int layer) {
    return graph.layers().get(layer).className();
  }

  private static void requireDistinct(String what, List<?> names) {
    Set<Object> seen = new HashSet<>();
    for (Object name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException("model: has " + what + " " + name + " twice");
      }
    }
  }

  private static void requireRead(Graph graph, int from, int to, String what) {
    for (int n = from; n < to; n++) {
      int value = n;
      boolean told = graph.nodes().stream().anyMatch(node -> node.masks().contains(value));
      if (graph.outputs().contains(value) || graph.readers(value) > 0 || told) {
        return;
      }
    }
    throw new IllegalArgumentException(
        "model: " + what + " is read by nobody; let a layer read it, or leave it out");
  }
}
