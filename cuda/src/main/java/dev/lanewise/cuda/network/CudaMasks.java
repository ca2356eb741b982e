package dev.lanewise.cuda.network;

import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.MaskSource;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Mask;
import dev.lanewise.engine.layer.MaskFlow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The masks of a graph on the device, one for each formula that somebody heeds: layers that tell
 * them leave them, and what is made of several is joined just before the first who looks.
 */
final class CudaMasks {
  private final Graph graph;
  private final LayerMemory memory;
  private final List<CudaLayer> forward;
  private final Map<Mask, Long> addresses = new HashMap<>();

  /**
   * Begins without a mask.
   *
   * @param forward where what joins masks takes its place among the layers
   */
  CudaMasks(Graph graph, LayerMemory memory, List<CudaLayer> forward) {
    this.graph = graph;
    this.memory = memory;
    this.forward = forward;
  }

  /** Enters what a layer tells of which value it gives. */
  void add(int value, CudaLayer layer) {
    Mask told = graph.masks().of(value);
    if (told instanceof Mask.Told && layer instanceof MaskSource source) {
      addresses.putIfAbsent(told, source.mask());
    }
  }

  /** Returns the address of the mask that a node heeds in what it reads at a place, 0 for none. */
  long heeded(int index, int place) {
    Graph.Node node = graph.nodes().get(index);
    Layer layer = graph.layers().get(node.layer());
    return graph.lostMasks().at(index, place) ? 0 : of(MaskFlow.heeded(layer, node, place));
  }

  /** Returns the address of a value's mask, [steps][rows] of 0 and 1; 0 where all steps count. */
  long of(int value) {
    Mask mask = graph.masks().of(value);
    return mask == null ? 0 : address(mask, graph.shapes().get(value).positions());
  }

  private long address(Mask mask, int steps) {
    Long known = addresses.get(mask);
    if (known != null) {
      return known;
    }
    List<JoinedMask.Part> parts =
        switch (mask) {
          case Mask.Told told -> throw new IllegalStateException("nobody has told " + told);
          case Mask.Either either ->
              either.of().stream()
                  .map(part -> new JoinedMask.Part(0, steps, address(part, steps)))
                  .toList();
          case Mask.All all -> throw new IllegalStateException("refused before: " + all);
          case Mask.InTurn turns -> inTurn(turns);
        };
    JoinedMask joined = new JoinedMask(memory, steps, parts);
    forward.add(joined);
    addresses.put(mask, joined.mask());
    return joined.mask();
  }

  private List<JoinedMask.Part> inTurn(Mask.InTurn turns) {
    int[] first = {0};
    return turns.of().stream()
        .map(
            part -> {
              int at = first[0];
              first[0] += part.steps();
              Mask mask = part.mask();
              long address = mask == null ? 0 : address(mask, part.steps());
              return new JoinedMask.Part(at, part.steps(), address);
            })
        .toList();
  }
}
