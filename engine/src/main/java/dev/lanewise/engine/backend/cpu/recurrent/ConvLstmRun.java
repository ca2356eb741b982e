package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.Signals;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;

/**
 * A {@link CpuConvLstm} at work: all places go through all steps forward, then all steps backward.
 * For its cell a place of a sample is a row, so that what it does to each row by itself is done to
 * all places at a time.
 */
final class ConvLstmRun implements LayerRun {
  /** As many steps have a place of their own: one is written while the one beside it is read. */
  static final int TURNS = 2;

  private static final Operands NOTHING = Operands.ofNothing(false); // the products know them

  private final CpuConvLstm layer;
  private final CheckedKernels kernels;

  /** The most rows of a place. */
  private final int rows;

  private final int places;
  private final Matrix[] inputs;

  /** The inputs by step of the walk and position. */
  private final Matrix[][] seen;

  private final Matrix[] allInputGradients;

  /** The same of the gradients; none where nobody asks. */
  private final Matrix[][] inputGradients;

  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /** The gradient by the outputs, of each step or of the last. */
  private final PlacedSteps dy;

  /** The gradient by the sums. */
  private final PlacedSteps dz;

  private final ConvProducts products;
  private final Cell cell;
  private final ConvFirstStates firstStates;
  private final List<StateRun> lastStates;
  private final Matrix lastCellGradient;
  private final boolean adds;

  ConvLstmRun(CpuConvLstm layer, RunContext context, Signals signals, List<LayerRun> given) {
    this.layer = layer;
    kernels = context.kernels();
    rows = context.rows();
    places = layer.places();
    int steps = layer.steps;
    int all = Math.multiplyExact(places, rows);
    int gates = layer.gates().blocks();
    boolean training = context.training();
    int kept = training ? steps : 1;
    int keptStates = training || layer.sequences ? steps : Math.min(TURNS, steps);
    int outputSteps = layer.sequences ? steps : 1;
    PlacedSteps states = states(context, "states", steps, keptStates);
    StepValues values = values(context, "gates", kept, layer.kind.kept());
    StepValues gradients = training ? values(context, "step gradients", TURNS, gates) : null;
    PlacedSteps sums = PlacedSteps.of(steps, kept, places, t -> values.at(t, 0, gates));
    dz =
        gradients == null
            ? PlacedSteps.NONE
            : PlacedSteps.of(steps, TURNS, places, t -> gradients.at(t, 0, gates));
    inputs = signals.inputs();
    seen = byStep(inputs);
    allInputGradients = layer.inputTaps.goesBack() ? signals.inputGradients() : new Matrix[0];
    inputGradients = byStep(allInputGradients);
    Matrix[][] before = new Matrix[steps][];
    System.arraycopy(states.of(), 0, before, 1, steps - 1);
    firstStates = new ConvFirstStates(layer, context, given);
    before[0] = firstStates.h();
    SeenWindow ofInputs = SeenWindow.joint(layer.inputTaps, kernels, seen, dz);
    SeenWindow ofStates = SeenWindow.joint(layer.stateTaps, kernels, before, dz);
    if (gradients != null && layer.dropout != null) {
      ofInputs =
          new GatewiseWindow(
              ofInputs,
              layer.inputTaps,
              layer,
              context,
              layer.dropout,
              false,
              seen,
              values,
              gradients);
    }
    if (gradients != null && layer.recurrentDropout != null && before[steps - 1].length > 0) {
      ofStates =
          new GatewiseWindow(
              ofStates,
              layer.stateTaps,
              layer,
              context,
              layer.recurrentDropout,
              true,
              before,
              values,
              gradients);
    }
    products =
        new ConvProducts(
            kernels, ofInputs, ofStates, layer.start, sums, firstStates.any(), training);
    CellRoom room = new CellRoom(context, all, products, states.whole(), values, gradients);
    firstStates.show(room);
    cell = layer.kind.maker().cell(layer, room);
    outputs = layer.sequences ? states.flat(steps) : states.of()[steps - 1];
    dy =
        training ? states(context, "output gradients", outputSteps, outputSteps) : PlacedSteps.NONE;
    Matrix lastCellState = cell.cellState(steps - 1);
    lastStates =
        layer.givesStates
            ? List.of(
                new StateRun(context, states.of()[steps - 1]),
                new StateRun(context, PlacedSteps.byPlace(lastCellState, places)))
            : List.of();
    Matrix[] lastGradients =
        layer.givesStates ? lastStates.get(1).outputGradients() : new Matrix[0];
    lastCellGradient = // none below all that learns
        lastGradients.length > 0 ? PlacedSteps.together(lastGradients) : layer.zeroUnits();
    adds = context.adds();
    outputGradients = dy.flat(training ? outputSteps : 0);
  }

  /** Takes room for as many values as states have. */
  private PlacedSteps states(RunContext context, String label, int steps, int kept) {
    int all = places * rows;
    int units = layer.units();
    Tensor tensor = context.matrix(label, Math.multiplyExact(kept, all), units);
    return PlacedSteps.of(steps, kept, places, t -> tensor.matrix((long) t * all, all, 0, units));
  }

  private StepValues values(RunContext context, String label, int kept, int blocks) {
    return new StepValues(context, label, layer.gates(), kept, places * rows, blocks);
  }

  /** Returns the positions of each step of the walk. */
  private Matrix[][] byStep(Matrix[] signals) {
    int positions = signals.length / layer.steps;
    Matrix[][] steps = new Matrix[positions == 0 ? 0 : layer.steps][positions];
    look(signals, steps);
    return steps;
  }

  /** Looks anew at positions, which may have moved. */
  private void look(Matrix[] signals, Matrix[][] steps) {
    for (int t = 0; t < steps.length; t++) {
      System.arraycopy(signals, layer.inputStep(t) * steps[t].length, steps[t], 0, steps[t].length);
    }
  }

  @Override
  public void layOut(int newRows) {
    look(inputs, seen);
    look(allInputGradients, inputGradients);
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
  public LayerRun output(int index) {
    return index == 0 ? this : lastStates.get(index - 1);
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public void forward(Pass pass) {
    products.begin(pass);
    int count = pass.rows();
    firstStates.begin(kernels, count);
    for (int t = 0; t < layer.steps; t++) {
      products.beAt(t, count);
      if (count == rows) {
        cell.forward(t, 0, places * rows, NOTHING);
      } else {
        for (int place = 0; place < places; place++) { // there are gaps between them
          cell.forward(t, place * rows, count, NOTHING);
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    int count = pass.rows();
    int shard = pass.shard();
    layer.beginGradients(kernels, shard);
    beginBack(count);
    for (int t = layer.steps - 1; t >= 0; t--) {
      products.beAt(t, count);
      if (count == rows) {
        backward(t, 0, places * rows);
      } else {
        for (int place = 0; place < places; place++) {
          backward(t, place * rows, count);
        }
      }
      addGradients(t, count, shard);
      for (int position = 0; position < inputPositions(); position++) {
        Matrix dx = inputGradients[t][position];
        products.inputGradient(position, count, adds ? dx : layer.zeroFeatures, dx);
      }
    }
    firstStates.leave(kernels, count, cell, products);
  }

  /** The last output is the last state. */
  private void beginBack(int count) {
    cell.beginBack(places * rows, lastCellGradient);
    for (int place = 0; place < places && !lastStates.isEmpty(); place++) {
      Matrix output = outputGradients[outputGradients.length - places + place];
      kernels.elements().add(count, lastStates.get(0).outputGradients()[place], output);
    }
  }

  private int inputPositions() {
    return inputGradients.length == 0 ? 0 : inputGradients[0].length;
  }

  private void backward(int t, int first, int count) {
    int output = t - layer.steps + dy.whole().length;
    Matrix upstream = output < 0 ? layer.zeroUnits() : dy.whole()[output];
    if (t == layer.steps - 1) {
      cell.backwardLast(t, first, count, upstream);
    } else {
      cell.backward(t, first, count, upstream);
    }
  }

  private void addGradients(int t, int count, int shard) {
    for (int place = 0; place < places && layer.inputTaps.isTrained(); place++) {
      products.addGradients(place, count, shard);
      layer.addBiasGradient(kernels, count, dz.of()[t][place], shard);
    }
  }
}
