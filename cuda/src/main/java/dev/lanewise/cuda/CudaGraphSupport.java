package dev.lanewise.cuda;

import dev.lanewise.engine.layer.AdditiveAttention;
import dev.lanewise.engine.layer.Attention;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Mask;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.TimeDistributed;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What of a graph's wiring there are no kernels for, whatever its layers are. */
final class CudaGraphSupport {
  private static final int MOST_SIZES = 6; // of axes.cuh

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
    for (int value : graph.outputs()) {
      Mask mask = graph.masks().of(value);
      if (mask != null && graph.lostMasks().ofOutput(value)) {
        return "a loss under a mask that an attention has taken away has no CUDA kernels";
      }
    }
    return null;
  }

  private static @Nullable String missing(Graph graph, Graph.Node node) {
    Layer layer = graph.layers().get(node.layer()).unfrozen();
    boolean joins = layer instanceof Merge || layer instanceof Operation;
    if (joins
        && IntStream.concat(node.reads().stream().mapToInt(i -> i), given(graph, node))
            .anyMatch(value -> graph.shapes().get(value).rank() > MOST_SIZES)) {
      return "has CUDA kernels for samples of " + MOST_SIZES + " sizes, found more";
    }
    if (layer instanceof Dot
        && node.reads().stream().anyMatch(value -> graph.shapes().get(value).rank() > 2)) {
      return "has CUDA kernels for vectors and sequences, found samples of more sizes";
    }
    return missingOfMasks(graph, node);
  }

  /** Returns what is missing where a layer heeds the mask of what it reads. */
  private static @Nullable String missingOfMasks(Graph graph, Graph.Node node) {
    Layer layer = graph.layers().get(node.layer());
    boolean heeds =
        IntStream.range(0, node.reads().size())
            .map(place -> MaskFlow.heeded(layer, node, place))
            .anyMatch(value -> graph.masks().of(value) != null);
    boolean known =
        switch (layer.unfrozen()) {
          case Recurrent _,
              Bidirectional _,
              GlobalAveragePooling1D _,
              BatchNormalization _,
              Attention _,
              AdditiveAttention _ ->
              true;
          case Layer each -> !MaskFlow.takesMasks(within(each));
        };
    return !heeds || known ? null : "has no CUDA kernel that knows its mask yet";
  }

  private static IntStream given(Graph graph, Graph.Node node) {
    int index = graph.nodes().indexOf(node);
    return IntStream.range(graph.firstValue(index), graph.firstValue(index + 1));
  }

  private static Layer within(Layer layer) {
    return layer instanceof TimeDistributed each ? within(each.layer().unfrozen()) : layer;
  }
}
