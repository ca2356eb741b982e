package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.CpuLayer;
import dev.lanewise.engine.backend.cpu.layer.InputRun;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Bidirectional.Merge;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link Bidirectional} on the CPU: two recurrent layers on one signal. */
public final class CpuBidirectional implements CpuLayer {
  final CpuWalk forward;
  final CpuWalk backward;
  final Merge merge;
  final boolean sequences;
  final int width;
  final int forwardUnits;
  final int backwardUnits;

  /** How many states the forward layer begins with, and how many it gives. */
  final int forwardStates;

  final int forwardStatesGiven;
  final int steps;
  private final Shape input;

  /** Takes the weights' memory. */
  public CpuBidirectional(LayerContext context, Bidirectional layer, Shape input) {
    forward = CpuWalk.of(context, layer.forward(), input);
    backward = CpuWalk.of(context.second(), layer.backward(), input);
    forwardUnits = layer.forward().units();
    backwardUnits = layer.backward().units();
    forwardStates = layer.forward().stateShapes(input).size();
    forwardStatesGiven = layer.forward().returnState() ? forwardStates : 0;
    steps = input.size(0);
    merge = layer.merge();
    sequences = layer.returnSequences();
    width = layer.width();
    this.input = input;
  }

  @Override
  public boolean passesOverBlankLead() {
    return forward.passesOverBlankLead() && turned() != null;
  }

  /** Returns the backward layer where its walk passes over blank steps as the forward layer's. */
  private @Nullable CpuRecurrent turned() {
    return backward instanceof CpuRecurrent one && one.passesOverBlankEnd() ? one : null;
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    CpuRecurrent turned = turned();
    if (below == null && turned != null && forward.passesOverBlankLead()) {
      LayerRun first = forward.walk(context, null, List.of());
      LayerRun second = turned.turned(context, first.inputs());
      return new BidirectionalRun(this, context, first, first, second);
    }
    return run(context, below == null ? new InputRun(context, input) : below, List.of());
  }

  @Override
  public LayerRun runOn(RunContext context, List<LayerRun> below) {
    return run(context, below.getFirst(), below.subList(1, below.size()));
  }

  /** The forward layer begins the gradient by the inputs, the backward layer adds to it. */
  private LayerRun run(RunContext context, LayerRun source, List<LayerRun> given) {
    int own = given.isEmpty() ? 0 : forwardStates;
    return new BidirectionalRun(
        this,
        context,
        source,
        forward.walk(context, source, given.subList(0, own)),
        backward.walk(context.adding(), source, given.subList(own, given.size())));
  }

  @Override
  public List<Tensor> keptStates() {
    return Stream.concat(forward.keptStates().stream(), backward.keptStates().stream()).toList();
  }

  @Override
  public List<CpuParameter> parameters() {
    return Stream.concat(forward.parameters().stream(), backward.parameters().stream()).toList();
  }

  @Override
  public List<ParameterView> views() {
    return Stream.concat(forward.views().stream(), backward.views().stream()).toList();
  }
}
