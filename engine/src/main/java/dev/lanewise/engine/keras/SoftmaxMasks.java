package dev.lanewise.engine.keras;

import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Masking;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mask is something else to Keras's {@code Softmax} layer than to an activation: which features
 * to leave out. Of a sequence's steps it makes what nobody means, and so it is refused.
 */
final class SoftmaxMasks {
  private SoftmaxMasks() {}

  /**
   * Refuses such a layer over sequences in a model that makes masks.
   *
   * @param entries what the file has of each layer, null of an operation
   */
  static void require(List<@Nullable Config> entries, Graph graph) {
    if (graph.layers().stream().noneMatch(SoftmaxMasks::makesMask)) {
      return;
    }
    for (int place = 0; place < entries.size(); place++) {
      Config entry = entries.get(place);
      if (entry != null && isSoftmax(entry) && graph.inputOf(place).rank() > 1) {
        throw new ModelFormatException(
            LayerConfig.config(entry).where()
                + ": over sequences in a model with masks is not supported; Activation is");
      }
    }
  }

  private static boolean makesMask(Layer layer) {
    return switch (layer.unfrozen()) {
      case Masking _ -> true;
      case Embedding table -> table.maskZero();
      default -> false; // of others', none makes one
    };
  }

  private static boolean isSoftmax(Config entry) {
    String type = entry.string("class_name");
    return type.equals("Softmax")
        || (type.equals("TimeDistributed") && isSoftmax(entry.child("config").child("layer")));
  }
}
