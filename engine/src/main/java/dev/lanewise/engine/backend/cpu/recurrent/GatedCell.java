package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Matrix;

/**
 * What cells with gates have in common: two functions, gates that are kept, and a gradient that is
 * carried back past them. A cell says what happens to a strip of rows, forward and back.
 */
abstract class GatedCell implements Cell {
  final CellRoom room;
  final GateWeights weights;
  final CellProducts products;
  final CheckedKernels kernels;

  /** The function of the gates. */
  final Elementwise gate;

  final Elementwise activation;

  /** The gradient that goes from step to step past the gates. */
  final Matrix later;

  private final Matrix dh;
  private final Strip forward = this::forwardStrip;
  private final Strip backward = this::backThrough;
  private Matrix[] gradients = {};

  // The step at hand.
  int at;
  Operands operands = Operands.ofNothing(false);
  Matrix dy;
  private boolean last;

  GatedCell(GateWeights weights, Activation gate, Activation activation, CellRoom room) {
    this.room = room;
    this.weights = weights;
    this.gate = RunContext.elementwise(gate);
    this.activation = RunContext.elementwise(activation);
    products = room.products();
    kernels = room.context().kernels();
    dy = weights.zeroUnits();
    boolean training = room.training();
    dh = training ? room.scratch("gradient by the state", weights.units()) : weights.zeroUnits();
    products.gradientsIn(dh);
    later =
        training ? room.scratch("gradient past the gates", weights.units()) : weights.zeroUnits();
  }

  /** Returns the blocks of copies of sums, where a function's derivative is taken at these. */
  static int copies(Activation f, int blocks) {
    return RunContext.elementwise(f).derivativeNeedsSums() ? blocks : 0;
  }

  /** Applies a function to a strip of a step's sums, and keeps the sums if they are needed. */
  final void apply(int first, int count, Elementwise f, Matrix sums, Matrix points) {
    if (f.derivativeNeedsSums()) {
      kernels.copy(first, count, sums, points);
    }
    kernels.elements().activation(first, count, sums, f);
  }

  @Override
  public void look() {
    gradients = room.gradients(0, weights.gates().blocks());
  }

  @Override
  public void forward(int t, int first, int count, Operands of) {
    at = t;
    operands = of;
    weights.inStrips(kernels, first, count, forward);
  }

  /** Computes the state after the step at hand of a strip of rows. */
  abstract void forwardStrip(int first, int count);

  @Override
  public final void beginBack(int rows, Matrix dCellState) {
    kernels.start(rows, dCellState, later);
  }

  @Override
  public final void backwardLast(int t, int first, int count, Matrix upstream) {
    last = true;
    back(t, first, count, upstream);
  }

  @Override
  public final void backward(int t, int first, int count, Matrix upstream) {
    last = false;
    back(t, first, count, upstream);
  }

  @Override
  public final void leaveStateGradient(int rows, Matrix dState) {
    products.stateGradient(0, rows, gradients[0], pastGates(), dState);
  }

  /** Returns what of the gradient by the state has gone past the gates. */
  Matrix pastGates() {
    return later;
  }

  @Override
  public final void followBack(int first, int count, Cell many) {
    kernels.columnSums(first, count, ((GatedCell) many).later, 0, later);
  }

  private void back(int t, int first, int count, Matrix upstream) {
    at = t;
    dy = upstream;
    weights.inStripsBack(kernels, first, count, backward);
  }

  private void backThrough(int first, int count) {
    if (last) {
      backwardStrip(first, count, weights.zeroUnits());
    } else {
      products.stateGradient(first, count, gradients[at + 1], weights.zeroUnits(), dh);
      if (Cell.flushes(at)) {
        kernels.elements().flushTiny(first, count, dh);
        kernels.elements().flushTiny(first, count, later);
      }
      backwardStrip(first, count, dh);
    }
  }

  /**
   * Computes the gradient by the sums of the step at hand of a strip of rows.
   *
   * @param through the gradient by the state that came through the sums of the step after it
   */
  abstract void backwardStrip(int first, int count, Matrix through);
}
