package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaBranch;
import dev.lanewise.cuda.layer.CudaLayer;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.CudaSource;
import dev.lanewise.cuda.layer.CudaUnread;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.recurrent.CudaBidirectional;
import dev.lanewise.cuda.recurrent.CudaWalks;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.SampleSizes;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The general path: the calls of a graph in its order forward and in the other back, each with
 * kernels of its own.
 *
 * <p>Where a value has several readers, the one that goes back first, the loss or the last node,
 * begins the gradient by it; the others add theirs as they go back, in one order.
 */
final class CudaGraph implements CudaNetwork {
  private final Graph graph;
  private final LayerMemory memory;
  private final WeightPlaces places;
  private final List<CudaInput> inputs = new ArrayList<>();
  private final CudaLosses losses;
  private final List<CudaSource> values = new ArrayList<>();
  private final Map<Integer, CudaCalls> several = new HashMap<>();
  private final BitSet asked = new BitSet();
  private final List<CudaLayer> forward = new ArrayList<>();
  private final CudaMasks masks;
  private final List<CudaLayer> backward = new ArrayList<>(); // in the order forward, too

  /**
   * Builds all layers.
   *
   * @param memory the addresses of all weights and of the gradients of those that are trained
   * @param places where there each layer's are
   * @param losses those of the outputs
   */
  CudaGraph(LayerMemory memory, ModelSpec spec, WeightPlaces places, CudaLosses losses) {
    graph = spec.graph();
    this.memory = memory;
    this.places = places;
    this.losses = losses;
    masks = new CudaMasks(graph, memory, forward);
    int all = SampleSizes.of(spec).input();
    int first = 0;
    for (Shape shape : spec.inputs()) {
      CudaInput input = new CudaInput(memory, shape, all, first);
      inputs.add(input);
      values.add(input);
      first += Math.toIntExact(shape.elementCount());
    }
    for (int n = 0; n < graph.nodes().size(); n++) {
      add(n);
    }
    losses.heed(graph.outputs().stream().map(masks::of).toList());
  }

  private void add(int index) {
    Graph.Node node = graph.nodes().get(index);
    int value = graph.firstValue(index);
    int end = graph.firstValue(index + 1);
    boolean lowest = node.reads().stream().noneMatch(asked::get);
    boolean goesBack = memory.training() && (places.learns(node.layer()) || !lowest);
    int output = graph.outputs().indexOf(value);
    List<CudaSource> below = new ArrayList<>();
    for (int place = 0; place < node.reads().size(); place++) {
      below.add(seenBy(index, place));
    }
    // The loss leaves a gradient in any case.
    boolean judged = graph.outputs().stream().anyMatch(v -> v >= value && v < end);
    LayerMemory own = ofCall(index).goingBack(goesBack || judged).masked(masks.heeded(index, 0));
    boolean logits = output >= 0 && losses.of(output).takesLogits();
    CudaLayer layer = layer(own, index, below, logits);
    forward.add(layer);
    values.add(layer);
    values.addAll(layer.others());
    if (goesBack) {
      asked.set(value, end);
      backward.add(layer);
      for (int v = value; v < end; v++) {
        if (graph.readers(v) == 0 && !graph.outputs().contains(v)) {
          backward.add(new CudaUnread(values.get(v), graph.shapes().get(v)));
        }
      }
    }
    masks.add(value, layer);
  }

  private CudaLayer layer(LayerMemory own, int index, List<CudaSource> below, boolean logits) {
    Graph.Node node = graph.nodes().get(index);
    Layer layer = graph.layers().get(node.layer());
    List<Shape> inputs = node.reads().stream().map(graph.shapes()::get).toList();
    return switch (layer.unfrozen()) {
      case Merge merge ->
          CudaMerges.of(own, merge, inputs, below, place -> masks.heeded(index, place));
      case Recurrent walk -> CudaWalks.of(own, walk, inputs.getFirst(), below);
      case Bidirectional both -> new CudaBidirectional(own, both, inputs.getFirst(), below);
      case Operation operation -> CudaOperations.of(own, operation, inputs, below, logits);
      case TimeDistributed each -> CudaLayers.eachStep(own, each, inputs, below);
      default -> CudaLayers.of(own, layer, inputs.getFirst(), below.getFirst(), logits);
    };
  }

  /** Returns what a node, a layer's only call or the next of several, is to build itself with. */
  private LayerMemory ofCall(int index) {
    int layer = graph.nodes().get(index).layer();
    LayerMemory own = places.of(memory, layer);
    if (graph.calls(layer) == 1) {
      return own;
    }
    if (Embedding.in(graph.layers().get(layer)) != null) { // its tokens are those of all calls
      List<Graph.Node> before = graph.nodes().subList(0, index);
      long which = before.stream().filter(node -> node.layer() == layer).count();
      return own.amongCalls(Math.toIntExact(which), graph.calls(layer));
    }
    CudaCalls calls = several.get(layer);
    if (calls == null) {
      calls = new CudaCalls(own, places.trainedCount(layer), graph.calls(layer));
      several.put(layer, calls);
      backward.add(calls); // before the first, so that it goes back just after it
    }
    return calls.next();
  }

  /** Returns a value as one of the places of a node sees it. */
  private CudaSource seenBy(int index, int place) {
    int value = graph.nodes().get(index).reads().get(place);
    CudaSource giver = values.get(value);
    if (!asked.get(value) || beginsGradient(value, index, place)) {
      return giver;
    }
    CudaBranch branch = new CudaBranch(memory, giver, graph.shapes().get(value));
    backward.add(branch); // before its reader, so that it goes back just after it
    return branch;
  }

  private boolean beginsGradient(int value, int index, int place) {
    if (graph.outputs().contains(value)) {
      return false;
    }
    List<Graph.Node> above = graph.nodes().subList(index + 1, graph.nodes().size());
    List<Integer> reads = graph.nodes().get(index).reads();
    return !reads.subList(place + 1, reads.size()).contains(value)
        && above.stream().noneMatch(node -> node.reads().contains(value));
  }

  @Override
  public List<Signal> keptStates() {
    return forward.stream().flatMap(layer -> layer.keptStates().stream()).toList();
  }

  @Override
  public Signal outputs(int output, int rows) {
    return values.get(graph.outputs().get(output)).outputs(rows);
  }

  @Override
  public void run(CudaPass pass) {
    inputs.forEach(input -> input.forward(pass));
    forward.forEach(layer -> layer.forward(pass));
    if (pass.mode() != CudaPass.Mode.PREDICT) {
      losses.compute(pass, graph.outputs().stream().map(values::get).toList());
    }
    if (pass.training()) {
      backward.reversed().forEach(layer -> layer.backward(pass));
    }
  }
}
