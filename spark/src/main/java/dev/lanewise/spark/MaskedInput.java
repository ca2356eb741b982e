package dev.lanewise.spark;

import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import org.jspecify.annotations.Nullable;

/** Inputs of which a model says itself what is no step of a sequence. */
final class MaskedInput {
  private MaskedInput() {}

  /**
   * Returns what all readers of an input mask, with which a short sequence may be filled up behind
   * its last step; null if one of them masks nothing, or something else.
   */
  static @Nullable Float padding(Graph graph, int input) {
    Float padding = null;
    for (Graph.Node node : graph.nodes()) {
      if (node.reads().contains(input)) {
        Float masked = masked(graph.layers().get(node.layer()));
        if (masked == null || (padding != null && !padding.equals(masked))) {
          return null;
        }
        padding = masked;
      }
    }
    return padding;
  }

  private static @Nullable Float masked(Layer layer) {
    return switch (layer) {
      case Masking masking -> (float) masking.maskValue();
      case Embedding embedding when embedding.maskZero() -> 0f;
      default -> null;
    };
  }
}
