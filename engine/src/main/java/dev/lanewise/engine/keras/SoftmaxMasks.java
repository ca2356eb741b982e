package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Graph;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mask is something else to Keras's {@code Softmax} layer than to an activation: which features
 * to leave out. Of a sequence's steps it makes what nobody means, and so it is refused.
 */
final class SoftmaxMasks {
  private SoftmaxMasks() {}

  /**
   * Refuses such a layer where it reads a masked sequence.
   *
   * @param entries what the file has of each layer, null of an operation
   */
  static void require(List<@Nullable Config> entries, Graph graph) {
    for (Graph.Node node : graph.nodes()) {
      Config entry = entries.get(node.layer());
      boolean masked = graph.masks().of(node.reads().getFirst()) != null;
      if (masked && entry != null && isSoftmax(entry)) {
        throw new ModelFormatException(
            LayerConfig.config(entry).where()
                + ": of a masked sequence is not supported; Activation is");
      }
    }
  }

  private static boolean isSoftmax(Config entry) {
    String type = entry.string("class_name");
    return type.equals("Softmax")
        || (type.equals("TimeDistributed") && isSoftmax(entry.child("config").child("layer")));
  }
}
