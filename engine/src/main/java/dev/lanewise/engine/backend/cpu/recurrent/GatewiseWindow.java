package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.ConstantRow;
import dev.lanewise.engine.backend.cpu.layer.DropRate;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.WindowTaps;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A window under which each gate does without something of its own in training, the same at all
 * steps (Gal and Ghahramani 2016, as Keras does it). Passes that drop nothing are the joint one's.
 */
final class GatewiseWindow implements SeenWindow {
  private final SeenWindow joint;
  private final CheckedKernels kernels;
  private final DropRate rate;
  private final boolean ofStates;
  private final Gate[] gates;

  /** By step and position. */
  private final Matrix[][] of;

  private final ConstantRow ones;
  private final Matrix gradientPart;
  private final Matrix zeros;
  private boolean dropping;

  /**
   * Takes the memory of what is dropped, and left.
   *
   * @param joint the window that drops nothing
   * @param taps its kernel
   * @param rate the share that is dropped
   * @param ofStates whether it is of states, whose draws are others than those of inputs
   * @param of what is seen, by step and position
   * @param sums the sums of each step
   * @param gradients the gradients by them
   */
  GatewiseWindow(
      SeenWindow joint,
      WindowTaps taps,
      CpuConvLstm layer,
      RunContext context,
      DropRate rate,
      boolean ofStates,
      Matrix[][] of,
      StepBlocks sums,
      StepBlocks gradients) {
    this.joint = joint;
    this.rate = rate;
    this.ofStates = ofStates;
    this.of = of;
    kernels = context.kernels();
    Matrix[] seen = of[of.length - 1];
    int width = seen[0].columns();
    ones = new ConstantRow(context, width, 1);
    gradientPart = context.matrix("gate's gradient", context.rows(), width).matrix();
    zeros = ofStates ? layer.zeroUnits() : layer.zeroFeatures;
    gates = new Gate[layer.gates().blocks()];
    for (int g = 0; g < gates.length; g++) {
      int block = layer.kind.kernelGates().get(g);
      gates[g] = new Gate(taps, layer, context, block, seen.length, width, sums, gradients);
    }
  }

  /** One gate: its columns of everything, and what is left of what it sees. */
  private static final class Gate {
    final WindowTaps taps;
    final Matrix start;
    final Matrix[][] sums;
    final Matrix[][] dz;

    /** What each position is multiplied by. */
    final Matrix[] factors;

    final Matrix[] left;

    Gate(
        WindowTaps all,
        CpuConvLstm layer,
        RunContext context,
        int block,
        int positions,
        int width,
        StepBlocks sums,
        StepBlocks gradients) {
      int column = layer.gates().column(block);
      int steps = layer.steps;
      int turns = Math.min(ConvLstmRun.TURNS, steps);
      taps = all.columns(column, layer.units());
      start = layer.start.tensor().matrix(0, 1, column, layer.units());
      this.sums = PlacedSteps.of(steps, steps, layer.places(), t -> sums.at(t, block, 1)).of();
      dz = PlacedSteps.of(steps, turns, layer.places(), t -> gradients.at(t, block, 1)).of();
      factors = context.signals("dropped", positions, width);
      left = context.signals("left", positions, width);
    }
  }

  @Override
  public void begin(Pass pass) {
    dropping = pass.training();
    for (int g = 0; dropping && g < gates.length; g++) {
      Matrix[] factors = gates[g].factors;
      for (int position = 0; position < factors.length; position++) {
        Matrix factor = factors[position];
        long draw = (long) g * factors.length + position;
        kernels.start(pass.rows(), ones.matrix(), factor);
        rate.drop(kernels, pass, ofStates ? ~draw : draw, factor, factor);
      }
    }
  }

  @Override
  public void show(int t, int rows) {
    for (int g = 0; dropping && g < gates.length; g++) {
      Gate gate = gates[g];
      for (int position = 0; position < of[t].length; position++) {
        Matrix whole = of[t][position];
        kernels.elements().multiply(0, rows, whole, gate.factors[position], gate.left[position]);
      }
    }
  }

  @Override
  public Matrix sum(int t, int place, int first, int count, Matrix begun, Matrix sums) {
    if (!dropping) {
      return joint.sum(t, place, first, count, begun, sums);
    }
    boolean sees = false;
    for (Gate gate : gates) {
      Matrix own = gate.sums[t][place];
      Matrix start = begun == sums ? own : gate.start;
      sees = gate.taps.sum(kernels, place, first, count, gate.left, start, own) == own;
    }
    return sees ? sums : begun; // what one gate sees, all see
  }

  @Override
  public void gradient(int t, int position, int first, int count, Matrix begun, Matrix gradient) {
    if (begun != gradient) {
      kernels.start(first, count, begun, gradient);
    }
    for (Gate gate : gates) {
      gate.taps.gradient(kernels, position, first, count, gate.dz[t], zeros, gradientPart);
      Matrix factor = gate.factors[position];
      kernels.elements().multiplyAdd(first, count, gradientPart, factor, gradient);
    }
  }

  @Override
  public void addGradient(int t, int place, int rows, int shard) {
    for (Gate gate : gates) {
      gate.taps.addGradient(kernels, place, rows, gate.left, gate.dz[t][place], shard);
    }
  }
}
