package dev.lanewise.cuda;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Operation;
import org.jspecify.annotations.Nullable;

/** What of a graph's wiring there are no kernels for, whatever its layers are. */
final class CudaGraphSupport {
  private CudaGraphSupport() {}

  /** Returns it in one line, or null if there is nothing. */
  static @Nullable String refusal(Graph graph) {
    for (Graph.Node node : graph.nodes()) {
      String missing = missing(graph, node);
      if (missing != null) {
        String name = graph.layers().get(node.layer()).className();
        return "layer " + node.layer() + " (" + name + ") " + missing;
      }
    }
    return null;
  }

  private static @Nullable String missing(Graph graph, Graph.Node node) {
    Layer layer = graph.layers().get(node.layer()).unfrozen();
    if (graph.calls(node.layer()) > 1) {
      return "is called twice, of which there is no CUDA kernel yet";
    }
    boolean joins = layer instanceof Merge || layer instanceof Operation;
    if (node.reads().size() > 1 && !joins) {
      return "has no CUDA kernel of states that it is given yet";
    }
    return node.masks().isEmpty() ? null : "has no CUDA kernel of a mask that it is told yet";
  }
}
