package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer at work on many rows: they go through all steps forward, then all steps
 * backward (backpropagation through time, Werbos 1990), without meeting another thread.
 *
 * <p>x_t and h_{t-1} lie side by side in a row of {@link Steps}, one operand of one product, and
 * h_t is written where the next step reads it. Steps that are blank, before any that is not, are
 * left to {@link BlankSteps}, from which each row takes over after its own. In rows where a step is
 * masked nothing is computed: the state stays, and its gradient waits in {@link GapGradients}.
 */
final class ManyRows implements LayerRun {
  private final CpuRecurrent layer;
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final @Nullable LayerRun below;
  private final Steps steps;
  private final @Nullable StepValues values;
  private final @Nullable StepGradients gradients;
  private final StepProducts products;
  private final Cell cell;
  private final CellRoom room;
  private final @Nullable FirstState firstState;
  private final StateRun[] lastStates;
  private final @Nullable BlankSteps blank;
  private final WalkRows used;
  private final @Nullable GapGradients gaps;
  private final @Nullable GapOutputs apart;
  private final Operands[] operands;
  private final Matrix[] states;
  private final Matrix[] inputs;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final Matrix[] inputGradients;
  private final boolean adds;
  private int begin;
  private int end;

  /**
   * Takes the memory.
   *
   * @param below the run whose outputs are the inputs; absent if they are written where they lie
   * @param first whether these are the model's own, but for what is dropped of them
   * @param given the states to begin with; none if they are zero
   */
  ManyRows(
      CpuRecurrent layer,
      RunContext context,
      @Nullable LayerRun below,
      boolean first,
      List<LayerRun> given) {
    this.layer = layer;
    this.below = below;
    weights = layer.weights;
    kernels = context.kernels();
    firstState = FirstState.of(layer, context, given);
    boolean begun = firstState != null;
    steps = new Steps(context, "steps", layer.steps, context.rows(), weights.row, begun);
    gradients = context.training() ? new StepGradients(context, layer) : null;
    states = new Matrix[layer.steps];
    int kept = context.training() ? layer.steps : 1;
    values = layer.values(context, "gates", kept, context.rows());
    showStates();
    StepBlocks sums =
        values == null || layer.sumsInState() ? (t, block, count) -> states[t] : values;
    products = layer.products(context, steps, sums);
    room = new CellRoom(context, context.rows(), products, states, values, gradients);
    showFirstState();
    cell = layer.cell(room);
    if (gradients != null) {
      gradients.of(products.factors());
    }
    used = new WalkRows(layer, below == null ? null : below.mask());
    gaps =
        gradients != null && used.masked()
            ? new GapGradients(layer, context, products, gradients, used, !given.isEmpty())
            : null;
    boolean others = used.masked() && (layer.zeroOutput || begun);
    apart = others ? new GapOutputs(layer, context, used) : null;
    blank = first && layer.passesOverBlanks() ? new BlankSteps(layer, context) : null;
    operands = new Operands[layer.steps];
    inputs = new Matrix[layer.steps];
    int positions = layer.sequences ? layer.steps : 1;
    outputs =
        apart == null
            ? new Matrix[positions]
            : context.signals("outputs", positions, weights.units);
    showSteps();
    inputGradients =
        below == null || first || !weights.reachesBelow() ? new Matrix[0] : below.outputGradients();
    adds = context.adds();
    outputGradients = context.gradientSignals(outputs.length, weights.units);
    lastStates = new StateRun[layer.statesGiven];
    for (int s = 0; s < lastStates.length; s++) {
      lastStates[s] = new StateRun(context, lastState(s));
    }
  }

  /** Returns the last h, or what else a cell carries on. */
  private Matrix lastState(int index) {
    return index == 0 ? steps.h(layer.steps) : cell.cellState(layer.steps - 1);
  }

  @Override
  public LayerRun output(int index) {
    return index == 0 ? this : lastStates[index - 1];
  }

  private void showFirstState() {
    if (firstState != null) {
      room.beginWith(steps.h(0), firstState.cellState());
    }
  }

  @Override
  public void layOut(int rows) {
    steps.layOut(rows);
    if (values != null) {
      values.layOut(rows);
    }
    showStates();
    products.layOut(rows);
    if (gradients != null) {
      gradients.layOut(rows);
    }
    showFirstState();
    cell.look();
    showSteps();
    for (int s = 0; s < lastStates.length; s++) {
      lastStates[s].look(lastState(s));
    }
  }

  private void showStates() {
    for (int t = 0; t < layer.steps; t++) {
      states[t] = steps.h(t + 1);
    }
  }

  private void showSteps() {
    for (int t = 0; t < layer.steps; t++) {
      inputs[layer.inputStep(t)] = steps.x(t);
      operands[t] = Operands.of(steps, t);
    }
    for (int i = 0; apart == null && i < outputs.length; i++) {
      outputs[i] = steps.h(layer.steps + 1 - outputs.length + i);
    }
  }

  @Override
  public Matrix[] inputs() {
    return inputs;
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public @Nullable StepMask mask() {
    return below == null || !layer.sequences ? null : below.mask();
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    products.begin(pass);
    if (blank == null) {
      used.begin(rows);
    } else {
      used.beginAfterBlank(pass);
      blank.forward(used.allBegun());
    }
    boolean whole = lastStates.length > 0 || firstState != null; // states are given on, or kept
    end = whole ? layer.steps : used.endStep();
    begin = firstState != null ? 0 : Math.min(end, used.firstStep(0));
    if (firstState != null) {
      firstState.begin(pass, steps.h(0));
    }
    if (blank == null && begin > 0) {
      kernels.start(rows, weights.zeroUnits, steps.h(begin));
      cell.carry(begin - 1, -1, 0, rows);
    }
    for (int t = begin; t < end; t++) {
      if (blank != null) {
        takeOver(t, blank);
      }
      forward(t);
    }
    if (apart != null) {
      apart.set(pass, states, outputs);
    } else if (used.masked()) {
      keepAround(rows);
    }
    if (firstState != null) {
      firstState.end(pass, steps.h(layer.steps), cell, layer.steps - 1);
    }
  }

  /** Lets the rows whose blank beginning ends before a step go on from it. */
  private void takeOver(int t, BlankSteps from) {
    int first = used.begun(t - 1);
    int count = used.begun(t) - first;
    if (t > 0 && count > 0) {
      kernels.fill(first, count, from.state(t), steps.h(t));
      cell.follow(t, first, count, from.cell());
    }
  }

  private void forward(int t) {
    for (int row = used.next(t, 0), to; row < used.count(); row = used.next(t, to)) {
      to = used.end(t, row);
      if (below != null) {
        kernels.copy(row, to - row, below.outputs()[layer.inputStep(t)], steps.x(t));
      }
      cell.forward(t, row, to - row, operands[t]);
    }
    for (int row = used.end(t, 0), to; used.masked() && row < used.count(); row = used.end(t, to)) {
      to = used.next(t, row);
      kernels.start(row, to - row, steps.h(t), steps.h(t + 1));
      cell.carry(t, t - 1, row, to - row);
    }
  }

  /** Gives steps that are masked in every row, before all others and after them, their outputs. */
  private void keepAround(int rows) {
    for (int t = 0; layer.sequences && t < begin - 1; t++) {
      kernels.start(rows, weights.zeroUnits, steps.h(t + 1));
    }
    for (int t = layer.sequences ? end : layer.steps - 1; t >= end && t < layer.steps; t++) {
      kernels.start(rows, steps.h(end), steps.h(t + 1));
    }
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    int shard = pass.shard();
    if (gradients == null) {
      throw new IllegalStateException("backward: the run was made without a backward pass");
    }
    weights.beginGradients(kernels, shard);
    cell.beginBack(
        rows, lastStates.length > 1 ? lastStates[1].outputGradients()[0] : weights.zeroUnits);
    if (gaps != null) {
      gaps.begin(end - 1, outputGradients, shard);
      if (lastStates.length > 0) {
        gaps.takeUp(lastStates[0].outputGradients()[0]);
      }
      inputGradientAround(rows);
    } else if (lastStates.length > 0) { // the last output is the last state
      Matrix dy = outputGradients[outputGradients.length - 1];
      kernels.elements().add(rows, lastStates[0].outputGradients()[0], dy);
    }
    if (end > begin) {
      backward(end - 1);
    }
    for (int t = end - 1; t >= begin; t--) {
      inputGradient(gradients, t);
      if (blank != null) {
        blank.backward(t, used, gradients.dz(t), cell);
      }
      if (t > begin) {
        backward(t - 1);
      }
      if (t == begin || gradients.endsGroup(t)) {
        gradients.addWeightGradients(kernels, t, used, shard);
      }
    }
    if (firstState != null) {
      if (gaps != null) {
        gaps.end();
      }
      firstState.leave(rows, cell, gaps);
    }
    if (blank != null) {
      for (int t = begin - 1; t > 0; t--) {
        blank.backward(t, used, gradients.dz(t), cell);
      }
      blank.addWeightGradients(shard);
    }
  }

  private void backward(int t) {
    Matrix dy = gaps == null ? outputGradient(t) : gaps.at(t, outputGradients);
    for (int row = used.next(t, 0), to; row < used.count(); row = used.next(t, to)) {
      to = used.end(t, row);
      if (t == layer.steps - 1) {
        cell.backwardLast(t, row, to - row, dy);
      } else {
        cell.backward(t, row, to - row, dy);
      }
    }
    if (gaps != null) {
      gaps.done(t);
    }
  }

  private Matrix outputGradient(int t) {
    int output = t - layer.steps + outputGradients.length;
    return output < 0 ? weights.zeroUnits : outputGradients[output];
  }

  private void inputGradient(StepGradients by, int t) {
    if (inputGradients.length == 0) {
      return;
    }
    Matrix dx = inputGradients[layer.inputStep(t)];
    Matrix start = adds ? dx : weights.zeroFeatures;
    for (int row = used.next(t, 0), to; row < used.count(); row = used.next(t, to)) {
      to = used.end(t, row);
      products.inputGradient(row, to - row, by.dz(t), start, dx);
    }
    for (int row = used.end(t, 0), to; row < used.count() && !adds; row = used.end(t, to)) {
      to = used.next(t, row);
      kernels.start(row, to - row, weights.zeroFeatures, dx);
    }
  }

  private void inputGradientAround(int rows) {
    for (int t = 0; t < inputGradients.length && !adds; t++) {
      if (t < begin || t >= end) {
        kernels.start(rows, weights.zeroFeatures, inputGradients[layer.inputStep(t)]);
      }
    }
  }
}
