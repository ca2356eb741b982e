package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Precision;
import dev.lanewise.engine.backend.cpu.batch.BlankLead;
import dev.lanewise.engine.backend.cpu.batch.IdleCounts;
import dev.lanewise.engine.backend.cpu.batch.IdleSteps;
import dev.lanewise.engine.backend.cpu.batch.MaskedSteps;
import dev.lanewise.engine.backend.cpu.layer.CpuLayer;
import dev.lanewise.engine.backend.cpu.layer.CpuMerge;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.LayerParameters;
import dev.lanewise.engine.backend.cpu.layer.MeetingLayer;
import dev.lanewise.engine.backend.cpu.team.Shards;
import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.backend.cpu.weights.Weights;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Mask;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights.
 *
 * @param graph what reads what
 * @param nodes what each node does with its layer's weights, which nodes of one layer share
 * @param asked the values whose gradient something at or below their nodes asks for
 */
record CpuStack(Graph graph, List<CpuLayer> nodes, BitSet asked) implements Weights {
  private static final long NO_PANELS = Long.MAX_VALUE;

  /**
   * Takes the memory of the weights of a model that will not be trained, which lie as single rows
   * like them.
   */
  static CpuStack answering(TensorArena arena, ModelSpec spec, Precision precision) {
    return in(arena, spec, 0, noParameters(spec.graph()), precision, NO_PANELS);
  }

  /** Returns what is given to {@link #training} to take what it takes, layer by layer. */
  static List<LayerParameters> noParameters(Graph graph) {
    return IntStream.range(0, graph.layers().size())
        .mapToObj(layer -> new LayerParameters(longest(graph, layer)))
        .toList();
  }

  /**
   * Takes the memory of a model's weights, unless that was done for the same model with longer
   * sequences.
   *
   * @param samples the most of a training batch
   * @param parameters those of each layer that there are already, and takes those that are not
   * @param panelsFrom how many elements weights have that products read from copies in panels
   */
  static CpuStack training(
      TensorArena arena,
      ModelSpec spec,
      int samples,
      List<LayerParameters> parameters,
      long panelsFrom) {
    return in(arena, spec, samples, parameters, Precision.FLOAT32, panelsFrom);
  }

  private static CpuStack in(
      TensorArena arena,
      ModelSpec spec,
      int samples,
      List<LayerParameters> parameters,
      Precision precision,
      long panelsFrom) {
    int shards = samples == 0 ? 0 : Shards.mostShards(samples);
    int rows = samples == 0 ? 0 : Shards.mostRows(samples);
    Graph graph = spec.graph();
    List<String> slots = shards == 0 ? List.of() : spec.optimizer().slots();
    int widest = widest(spec);
    Tensor zeros = arena.tensor("zeros", Shape.of(1, widest), Kernels.padded(widest));
    List<CpuLayer> nodes = new ArrayList<>();
    BitSet asked = new BitSet();
    for (Graph.Node node : graph.nodes()) {
      int layer = node.layer();
      boolean lowest = node.reads().stream().noneMatch(asked::get);
      parameters.get(layer).rewind();
      LayerContext context =
          new LayerContext(
              arena,
              shards,
              rows,
              graph.calls(layer),
              parameters.get(layer),
              slots,
              zeros,
              lowest,
              layer,
              true,
              precision == Precision.BF16,
              panelsFrom);
      int index = nodes.size();
      CpuLayer made = CpuLayers.of(context, spec, index);
      nodes.add(made);
      boolean goesBack = made.isTrained() || !lowest;
      asked.set(graph.firstValue(index), graph.firstValue(index + 1), goesBack);
    }
    return new CpuStack(graph, List.copyOf(nodes), asked);
  }

  private static int longest(Graph graph, int layer) {
    return graph.nodes().stream()
        .filter(node -> node.layer() == layer)
        .mapToLong(node -> graph.shapes().get(node.reads().getFirst()).elementCount())
        .mapToInt(Math::toIntExact)
        .max()
        .orElseThrow();
  }

  private static int widest(ModelSpec spec) {
    int widest = 1;
    for (Shape shape : spec.graph().shapes()) {
      widest = Math.max(widest, shape.size(-1));
    }
    for (int i = 0; i < spec.layers().size(); i++) {
      Layer layer = spec.layers().get(i);
      widest = Math.max(widest, CpuLayers.widestWithin(layer, spec.inputOf(i)));
    }
    return widest;
  }

  /** Returns whether one node reads an input, of a layer that takes no others. */
  boolean isReadAlone(int input) {
    return graph.readers(input) == 1
        && readerOf(input).reads().size() == 1
        && readerOf(input).masks().isEmpty()
        && !(nodes.get(graph.nodes().indexOf(readerOf(input))) instanceof CpuMerge);
  }

  private Graph.Node readerOf(int input) {
    return graph.nodes().stream()
        .filter(node -> node.reads().contains(input))
        .findFirst()
        .orElseThrow(); // a graph has no input that nobody reads
  }

  /**
   * Returns what counts the steps of samples that are passed over: those that the mask of the first
   * output masks, or else of the first value that has a mask that samples tell; or those that are
   * blank, where the samples are one layer's alone that does not need all. Null if there are none.
   */
  @Nullable IdleSteps idleSteps() {
    return idleSteps(graph);
  }

  private @Nullable IdleSteps idleSteps(Graph samples) {
    int masked = firstMasked();
    if (masked != MaskFlow.NONE) {
      return maskedSteps(samples, masked);
    }
    if (graph.inputs().size() > 1 || !isReadAlone(0)) {
      return null;
    }
    CpuLayer first = nodes.get(graph.nodes().indexOf(readerOf(0)));
    return first.passesOverBlankLead() ? new BlankLead(graph.shapes().getFirst()) : null;
  }

  /**
   * Returns {@link #idleSteps}, if any, and what counts the masked steps of each output.
   *
   * @param samples this graph, or that of longer sequences, parts of which go through this one
   */
  IdleCounts idleCounts(Graph samples) {
    List<IdleSteps> counts = new ArrayList<>();
    List<@Nullable Mask> masks = new ArrayList<>(); // of each of them; absent of blank leads
    IdleSteps first = idleSteps(samples);
    if (first != null) {
      counts.add(first);
      masks.add(graph.masks().of(firstMasked()));
    }
    List<Integer> ofOutput = new ArrayList<>();
    for (int output : graph.outputs()) {
      Mask mask = graph.masks().of(output);
      if (mask == null || !mask.isToldBefore(graph.inputs().size())) {
        ofOutput.add(IdleCounts.NONE);
        continue;
      }
      if (!masks.contains(mask)) {
        counts.add(maskedSteps(samples, output));
        masks.add(mask);
      }
      ofOutput.add(masks.indexOf(mask));
    }
    return new IdleCounts(counts, ofOutput);
  }

  /** Returns the first output, or else the first value, with a mask that samples tell, or none. */
  private int firstMasked() {
    int inputs = graph.inputs().size();
    int output = graph.outputs().getFirst();
    IntStream values = IntStream.range(0, graph.shapes().size());
    return IntStream.concat(IntStream.of(output), values)
        .filter(
            value -> {
              Mask mask = graph.masks().of(value);
              return mask != null && mask.isToldBefore(inputs);
            })
        .findFirst()
        .orElse(MaskFlow.NONE);
  }

  private static MaskedSteps maskedSteps(Graph samples, int value) {
    Mask mask = Objects.requireNonNull(samples.masks().of(value), "is masked");
    return MaskedSteps.of(mask, samples, samples.shapes().get(value).size(0));
  }

  /**
   * Refuses a loss under a mask of values that nobody knows before: it is a mean over steps that
   * are counted before the first of them is computed. And under one that is gone by then.
   *
   * @throws IllegalArgumentException if an output has such a mask
   */
  void requireKnownMask() {
    for (int output : graph.outputs()) {
      if (graph.lostMasks().ofOutput(output)) {
        throw new IllegalArgumentException(
            "model: a MultiHeadAttention has taken away the mask on its outputs, and a loss that"
                + " does without it is not offered; let the layer below return its last state alone"
                + " or its mean");
      }
      Mask mask = graph.masks().of(output);
      if (mask != null && !mask.isToldBefore(graph.inputs().size())) {
        throw new IllegalArgumentException(
            "model: the mask on its outputs is made of what layers have computed, and a loss under"
                + " such a mask is not offered; let Masking be the first layer, or have the layer"
                + " above it return its last state alone");
      }
    }
  }

  /** Returns the states that layers keep from batch to batch, layer by layer. */
  List<Tensor> keptStates() {
    return nodes.stream().flatMap(layer -> layer.keptStates().stream()).toList();
  }

  /** Returns where the shards of a training batch meet on their way, first to last. */
  List<Integer> meetings() {
    return IntStream.range(0, nodes.size())
        .filter(i -> nodes.get(i) instanceof MeetingLayer layer && layer.meets())
        .boxed()
        .toList();
  }

  @Override
  public List<CpuParameter> parameters() {
    return ownWeights().flatMap(layer -> layer.parameters().stream()).toList();
  }

  @Override
  public List<ParameterView> views() {
    return ownWeights().flatMap(layer -> layer.views().stream()).toList();
  }

  /** Returns the first node of each layer, in the layers' order. */
  private Stream<CpuLayer> ownWeights() {
    return IntStream.range(0, graph.layers().size()).mapToObj(i -> nodes.get(graph.firstCall(i)));
  }
}
