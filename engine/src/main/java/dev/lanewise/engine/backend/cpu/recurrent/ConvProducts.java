package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * The products of one walk of {@link CpuConvLstm}, for a cell whose rows are those of all places,
 * one place after another.
 */
final class ConvProducts implements CellProducts {
  private final CheckedKernels kernels;
  private final SeenWindow inputs;
  private final SeenWindow states;
  private final Matrix start;
  private final Matrix[][] sums;
  private final boolean begun;
  private final boolean goesBack;
  private final int rows;

  /** By place. */
  private Matrix[] dh = {};

  private int step;

  /**
   * Looks at the places.
   *
   * @param inputs what is seen of the inputs
   * @param states what is seen of the states before
   * @param start what the sums begin with
   * @param sums the sums of all gates
   * @param begun whether there is a state before the first step
   * @param goesBack whether there is a way back
   */
  ConvProducts(
      CheckedKernels kernels,
      SeenWindow inputs,
      SeenWindow states,
      Matrix start,
      PlacedSteps sums,
      boolean begun,
      boolean goesBack) {
    this.kernels = kernels;
    this.inputs = inputs;
    this.states = states;
    this.start = start;
    this.sums = sums.of();
    this.begun = begun;
    this.goesBack = goesBack;
    rows = sums.of()[0][0].rows();
  }

  /** Learns which rows go through next, and what for. */
  void begin(Pass pass) {
    inputs.begin(pass);
    states.begin(pass);
  }

  /** Is at step {@code t} from here on, with so many rows a place. */
  void beAt(int t, int count) {
    step = t;
    inputs.show(t, count);
    if (hasState(t)) {
      states.show(t, count);
    }
  }

  @Override
  public void sum(int t, int first, int count, Operands of, GateSums all) {
    int end = first + count;
    for (int row = first, next; row < end; row = next) {
      int place = row / rows;
      next = Math.min(end, (place + 1) * rows);
      sum(t, place, row - place * rows, next - row);
    }
  }

  private void sum(int t, int place, int first, int count) {
    Matrix to = sums[t][place];
    Matrix sum = inputs.sum(t, place, first, count, start, to);
    if (hasState(t)) {
      sum = states.sum(t, place, first, count, sum, to);
    }
    if (sum != to) {
      kernels.start(first, count, sum, to);
    }
  }

  private boolean hasState(int t) {
    return t > 0 || begun;
  }

  @Override
  public void gradientsIn(Matrix gradients) {
    dh = goesBack ? PlacedSteps.byPlace(gradients, gradients.rows() / rows) : dh;
  }

  /** Has the gradients of all places that see a state, which the step behind has left. */
  @Override
  public void stateGradient(int first, int count, Matrix all, Matrix zeros, Matrix gradients) {
    int end = first + count;
    for (int row = first, next; row < end; row = next) {
      int place = row / rows;
      next = Math.min(end, (place + 1) * rows);
      states.gradient(step + 1, place, row - place * rows, next - row, zeros, dh[place]);
    }
  }

  /** Computes the gradient by a position of the inputs of the step at hand. */
  void inputGradient(int position, int count, Matrix from, Matrix dx) {
    inputs.gradient(step, position, 0, count, from, dx);
  }

  /** Computes the gradient by the state before the first step, where others give it. */
  void firstStateGradient(int place, int count, Matrix zeros, Matrix gradient) {
    states.gradient(0, place, 0, count, zeros, gradient);
  }

  /** Adds what a place of the step at hand gives to a shard's gradients by both kernels. */
  void addGradients(int place, int count, int shard) {
    inputs.addGradient(step, place, count, shard);
    if (hasState(step)) {
      states.addGradient(step, place, count, shard);
    }
  }
}
