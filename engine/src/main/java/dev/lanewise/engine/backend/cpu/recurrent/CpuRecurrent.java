package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.DropRate;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.Signals;
import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link CellLayer} on the CPU: its weights, its cell, and how it walks over time. */
final class CpuRecurrent implements CpuWalk {
  final RecurrentWeights weights;
  final boolean sequences;
  final boolean backwards;
  final boolean zeroOutput;
  final int steps;

  /** How many states it carries from step to step. */
  final int states;

  /** How many of its last states the layer gives beside its outputs. */
  final int statesGiven;

  final CellKind kind;

  /** What it keeps from batch to batch; null where that is nothing. */
  final @Nullable KeptStates kept;

  /** What sums do without of inputs and of states. */
  final DropRate dropout;

  final DropRate recurrentDropout;
  private final boolean dropsInputs;
  private final boolean dropsStates;
  private final boolean maskBackwards;
  private final Shape input;

  /**
   * Takes the weights' memory.
   *
   * @param maskBackwards whether the mask is walked from its end, be it that what the layer reads
   *     lies in the order walked
   */
  CpuRecurrent(LayerContext context, CellLayer layer, Shape input, boolean maskBackwards) {
    this.input = input;
    this.maskBackwards = maskBackwards;
    kind = CellKind.of(layer);
    dropout = context.drops(layer.dropout());
    recurrentDropout = context.drops(layer.recurrentDropout());
    dropsInputs = context.training() && layer.dropout() > 0;
    dropsStates = context.training() && layer.recurrentDropout() > 0;
    sequences = layer.returnSequences();
    backwards = layer.goBackwards();
    zeroOutput = layer.zeroOutputForMask();
    steps = input.size(0);
    states = layer.states();
    statesGiven = layer.returnState() ? states : 0;
    int biases = layer.useBias() ? kind.biases() : 0;
    weights = new RecurrentWeights(context, input.size(1), kind.gates(), biases);
    boolean keeps = layer.stateful() && context.training();
    kept = keeps ? new KeptStates(context, states, layer.units()) : null;
  }

  /**
   * Takes the memory for what a cell keeps of its steps.
   *
   * @param kept how many steps have a place before the first is overwritten
   * @param rows the most rows of a step
   * @return null if that is nothing
   */
  @Nullable StepValues values(RunContext context, String label, int kept, int rows) {
    return kind.kept() == 0
        ? null
        : new StepValues(context, label, kind.gates(), kept, rows, kind.kept());
  }

  /** Returns whether the sums become the state where they are. */
  boolean sumsInState() {
    return kind.sumsInState();
  }

  /** Returns a cell for one walk of one worker. */
  Cell cell(CellRoom room) {
    return kind.maker().cell(weights, room);
  }

  /** Returns the products of a walk over many rows. */
  StepProducts products(RunContext context, Steps walked, StepBlocks sums) {
    JointProducts joint = new JointProducts(weights, context, steps, context.rows(), walked);
    return context.training() && dropsStates
        ? new GatewiseProducts(this, context, joint, walked, sums)
        : joint;
  }

  @Override
  public LayerRun walk(RunContext context, @Nullable LayerRun below, List<LayerRun> given) {
    return below == null && passesOverBlankEnd() && context.purpose() != RunContext.Purpose.STREAM
        ? turned(context, context.signals("inputs", steps, input.size(1)))
        : walkRows(context, below, given);
  }

  /** Takes the memory of a first layer's run that {@link #passesOverBlankEnd}. */
  LayerRun turned(RunContext context, Matrix[] inputs) {
    return new TurnedRun(this, context, inputs);
  }

  /**
   * Takes the memory of a run on rows as they come. What all gates do without alike is dropped
   * before the layer. A single row that begins and ends with states of others goes as many do.
   */
  LayerRun walkRows(RunContext context, @Nullable LayerRun below, List<LayerRun> given) {
    return switch (context.purpose()) {
      case STREAM -> new StreamedRow(this, context, below);
      case ANSWERS ->
          context.rows() == 1 && given.isEmpty() && statesGiven == 0
              ? new OneRow(this, context, below)
              : new ManyRows(this, context, below, below == null, given);
      case TRAINING, WINDOWS ->
          dropsInputs && !dropsStates
              ? new DroppedInputRun(this, context, new Signals(below, context, input), given)
              : new ManyRows(this, context, below, below == null, given);
    };
  }

  @Override
  public boolean passesOverBlankLead() {
    return !backwards && passesOverBlanks();
  }

  /** Returns whether the walk as a first layer's begins with the blank end, and passes over it. */
  boolean passesOverBlankEnd() {
    return backwards && statesGiven == 0 && passesOverBlanks();
  }

  /**
   * Returns whether a first layer's walk passes over the blank steps that it begins with: its
   * states are nobody's outputs but the last. What is dropped of a state is another part in each
   * row.
   */
  boolean passesOverBlanks() {
    return !sequences && steps > 1 && kind.gates().inner() == 0 && !dropsStates && kept == null;
  }

  /** Returns the step of the input that step {@code t} of the walk reads. */
  int inputStep(int t) {
    return backwards ? steps - 1 - t : t;
  }

  /** Returns the step of the mask that says whether step {@code t} of the walk counts. */
  int maskStep(int t) {
    return maskBackwards ? steps - 1 - t : t;
  }

  @Override
  public List<Tensor> keptStates() {
    return kept == null ? List.of() : kept.tensors();
  }

  @Override
  public List<CpuParameter> parameters() {
    return weights.parameters();
  }

  @Override
  public List<ParameterView> views() {
    return weights.views(kind.kernelGates(), kind.recurrentGates());
  }
}
