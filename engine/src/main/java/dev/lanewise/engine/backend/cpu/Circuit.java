package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.layer.BranchRun;
import dev.lanewise.engine.backend.cpu.layer.CpuLayer;
import dev.lanewise.engine.backend.cpu.layer.InputRun;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.MaskInputRun;
import dev.lanewise.engine.backend.cpu.layer.MaskedWithin;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.UnderMask;
import dev.lanewise.engine.backend.cpu.layer.UnreadRun;
import dev.lanewise.engine.backend.cpu.loss.Outputs;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a graph's nodes, each on what others leave.
 *
 * <p>Where a value has several readers, the one that goes back first, the loss or the last node,
 * begins the gradient by it; the others add theirs as they go back. Samples that one node alone
 * reads lie where it wants them.
 */
final class Circuit {
  private final CpuStack stack;
  private final Graph graph;
  private final RunContext context;
  private final @Nullable LayerRun[] givers;
  private final @Nullable StepMask[] masksWithin;
  private final Matrix[][] inputs;
  private final int[] called;
  private final List<Step> steps = new ArrayList<>();
  private final int[] places;

  /**
   * A run in its place.
   *
   * @param run what is done
   * @param call which of its layer's calls it is
   * @param calls how many the layer has
   * @param goesBack whether something here or below asks for gradients
   */
  record Step(LayerRun run, int call, int calls, boolean goesBack) {}

  /** Takes the memory. */
  Circuit(CpuStack stack, RunContext context) {
    this.stack = stack;
    this.context = context;
    graph = stack.graph();
    givers = new LayerRun[graph.shapes().size()];
    masksWithin = new StepMask[graph.shapes().size()];
    inputs = new Matrix[graph.inputs().size()][];
    called = new int[graph.layers().size()];
    places = new int[graph.nodes().size()];
    for (int i = 0; i < inputs.length; i++) {
      if (!stack.isReadAlone(i)) {
        LayerRun samples = samples(i);
        givers[i] = samples;
        inputs[i] = samples.inputs();
      }
    }
    for (int n = 0; n < graph.nodes().size(); n++) {
      add(n);
    }
  }

  private LayerRun samples(int input) {
    Shape shape = graph.shapes().get(input);
    if (!graph.inputs().get(input).tellsMask()) {
      return new InputRun(context, shape);
    }
    LayerRun mask = new MaskInputRun(context, shape);
    steps.add(new Step(mask, 0, 1, false)); // first, as others heed it
    return mask;
  }

  private void add(int index) {
    Node node = graph.nodes().get(index);
    CpuLayer layer = stack.nodes().get(index);
    Layer description = graph.layers().get(node.layer());
    int first = node.reads().getFirst();
    int value = graph.firstValue(index);
    int end = graph.firstValue(index + 1);
    boolean goesBack = stack.asked().get(value);
    // The loss leaves a gradient in any case.
    boolean judged = graph.outputs().stream().anyMatch(v -> v >= value && v < end);
    RunContext own = goesBack || judged ? context : context.unasked();
    LayerRun run;
    if (first < inputs.length && stack.isReadAlone(first)) {
      run = layer.run(own, null);
      inputs[first] = run.inputs();
    } else {
      List<LayerRun> below = new ArrayList<>();
      for (int place = 0; place < node.reads().size(); place++) {
        boolean lost = graph.lostMasks().at(index, place);
        StepMask heeded = lost ? null : maskOf(MaskFlow.heeded(description, node, place));
        below.add(heedingWithin(node, under(heeded, seenBy(index, place))));
      }
      run = layer.runOn(own, below);
    }
    StepMask within = maskWithin(index, run);
    int passedOn = MaskFlow.passedOn(description, node);
    int call = called[node.layer()]++;
    places[index] = steps.size();
    steps.add(new Step(run, call, graph.calls(node.layer()), goesBack));
    for (int v = value; v < end; v++) {
      int output = v - value;
      LayerRun giver = run.output(output);
      if (output < MaskFlow.maskedAlike(description) && passedOn != MaskFlow.NONE) {
        giver = under(maskOf(passedOn), giver);
      }
      givers[v] = giver;
      masksWithin[v] = within;
      if (graph.readers(v) == 0 && !graph.outputs().contains(v)) {
        steps.add(new Step(new UnreadRun(context, giver), 0, 1, goesBack));
      }
    }
  }

  /** Returns which steps count of those that the steps of what a node gives are sequences of. */
  private @Nullable StepMask maskWithin(int index, LayerRun run) {
    if (graph.masks().within(graph.firstValue(index)) == null) {
      return null;
    }
    Node node = graph.nodes().get(index);
    boolean tells = Embedding.in(graph.layers().get(node.layer())) != null;
    return tells ? run.mask() : masksWithin[node.reads().getFirst()];
  }

  /** Returns what a node reads as it sees it: with the masks within its steps, if it heeds them. */
  private LayerRun heedingWithin(Node node, LayerRun read) {
    StepMask within = node.within() ? masksWithin[node.reads().getFirst()] : null;
    return within == null ? read : new MaskedWithin(read, within);
  }

  private @Nullable StepMask maskOf(int value) {
    return value == MaskFlow.NONE || givers[value] == null ? null : giver(value).mask();
  }

  /** Returns a run as one whose outputs have this mask. */
  private static LayerRun under(@Nullable StepMask mask, LayerRun run) {
    return mask == run.mask() ? run : new UnderMask(run, mask);
  }

  /** Returns a value as one of the places of a node sees it. */
  private LayerRun seenBy(int index, int place) {
    int value = graph.nodes().get(index).reads().get(place);
    LayerRun giver = giver(value);
    boolean carriesBack = giver.outputGradients().length > 0;
    if (!carriesBack || beginsGradient(value, index, place)) {
      return giver;
    }
    BranchRun branch = new BranchRun(context, giver);
    boolean goesBack = stack.asked().get(value);
    steps.add(
        new Step(branch, 0, 1, goesBack)); // before its reader, so that it goes back just after it
    return branch;
  }

  private boolean beginsGradient(int value, int index, int place) {
    if (graph.outputs().contains(value)) {
      return false;
    }
    if (graph.readers(value) == 1) {
      return true;
    }
    List<Integer> reads = graph.nodes().get(index).reads();
    boolean later = reads.subList(place + 1, reads.size()).contains(value);
    for (int n = index + 1; n < graph.nodes().size(); n++) {
      later |= graph.nodes().get(n).reads().contains(value);
    }
    return !later;
  }

  private LayerRun giver(int value) {
    return Objects.requireNonNull(givers[value], "a value is given before it is read");
  }

  /** Returns the runs in the order in which they go forward; they go back in the other. */
  List<Step> steps() {
    return steps;
  }

  /** Returns the place of a node's run among the steps. */
  int stepOf(int node) {
    return places[node];
  }

  /** Returns where the samples of each input go: one matrix a time step. */
  Matrix[][] inputs() {
    return inputs;
  }

  /** Returns each of the model's outputs, and where the loss leaves the gradient by it. */
  List<Outputs> outputs() {
    return graph.outputs().stream()
        .map(this::giver)
        .map(
            last ->
                new Outputs(
                    last.outputs(), last.outputGradients(), last.mask(), context.softmaxRows()))
        .toList();
  }
}
