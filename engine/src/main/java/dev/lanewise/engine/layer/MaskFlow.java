package dev.lanewise.engine.layer;

import java.util.BitSet;
import java.util.List;

/**
 * Where masks go on their way through a graph, by Keras's rules, and where they are not offered.
 */
public final class MaskFlow {
  private MaskFlow() {}

  /** Returns whether what a layer makes of a masked sequence is masked as well. */
  public static boolean passesOn(Layer layer) {
    return switch (layer) {
      case Recurrent recurrent -> recurrent.returnSequences();
      case Bidirectional both -> both.returnSequences();
      case Frozen frozen -> passesOn(frozen.layer());
      case Flatten _,
          Reshape _,
          RepeatVector _,
          Conv1D _,
          MaxPooling1D _,
          AveragePooling1D _,
          GlobalMaxPooling1D _,
          GlobalAveragePooling1D _,
          Permute _,
          ZeroPadding1D _,
          Cropping1D _,
          UpSampling1D _,
          Embedding _,
          Merge _ ->
          false;
      case Dense _,
          TimeDistributed _,
          ActivationLayer _,
          LeakyRelu _,
          LayerNormalization _,
          BatchNormalization _,
          Rescaling _,
          Masking _,
          Dropout _,
          SpatialDropout1D _ ->
          true;
    };
  }

  private static boolean makes(Layer layer) {
    Layer bare = layer.unfrozen();
    return bare instanceof Masking || (bare instanceof Embedding table && table.maskZero());
  }

  /**
   * Refuses a graph in which a mask comes to where it is not heeded.
   *
   * @throws IllegalArgumentException naming the layer
   */
  static void require(Graph graph) {
    BitSet masked = new BitSet();
    for (int n = 0; n < graph.nodes().size(); n++) {
      Layer layer = graph.layers().get(graph.nodes().get(n).layer());
      List<Integer> reads = graph.nodes().get(n).reads();
      requireHeeded(layer.unfrozen(), reads, masked);
      boolean passed = masked.get(reads.getFirst()) && passesOn(layer);
      masked.set(graph.firstValue(n), makes(layer) || passed);
    }
  }

  private static void requireHeeded(Layer layer, List<Integer> reads, BitSet masked) {
    if (layer instanceof Merge && reads.stream().anyMatch(masked::get)) {
      throw new IllegalArgumentException(
          "model: "
              + layer.className()
              + " reads a masked sequence, and masks of what merges give are not offered; let it"
              + " read last states, or leave the mask out");
    }
    if (reads.size() > 1 && masked.get(reads.getFirst())) {
      throw new IllegalArgumentException(
          "model: "
              + layer.className()
              + " begins with states of others (initial_state) and reads a masked sequence, which"
              + " is not offered together; leave out one of them");
    }
  }
}
