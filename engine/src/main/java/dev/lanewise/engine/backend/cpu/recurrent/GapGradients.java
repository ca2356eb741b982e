package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * The gradient by the state on its way back over masked steps. There the state is that of the step
 * before, and so is its gradient: it waits here, takes up that by each output on the way, which is
 * the same state, and is the gradient by an output to the last step that counts.
 */
final class GapGradients {
  private final CpuRecurrent layer;
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final StepProducts products;
  private final StepGradients gradients;
  private final WalkRows used;
  private final Matrix waiting;

  /** By row: the first step that counts, before which outputs are not the state that is given. */
  private final int[] firsts;

  /**
   * Takes the memory.
   *
   * @param begun whether the state before the first step is one that others give
   */
  GapGradients(
      CpuRecurrent layer,
      RunContext context,
      StepProducts products,
      StepGradients gradients,
      WalkRows used,
      boolean begun) {
    this.layer = layer;
    this.products = products;
    this.gradients = gradients;
    this.used = used;
    weights = layer.weights;
    kernels = context.kernels();
    waiting = context.matrix("gradient by kept states", context.rows(), weights.units).matrix();
    firsts = new int[begun ? context.rows() : 0];
  }

  /**
   * Begins a walk back at its last step that counts in any row.
   *
   * @param dy the gradients by the outputs
   */
  void begin(int last, Matrix[] dy, int shard) {
    gradients.clearWeightGradients(kernels, shard);
    kernels.start(used.count(), weights.zeroUnits, waiting);
    for (int row = 0; row < firsts.length && row < used.count(); row++) {
      firsts[row] = 0;
      while (firsts[row] < layer.steps && used.next(firsts[row], row) != row) {
        firsts[row]++;
      }
    }
    for (int t = layer.steps - 1; t > last; t--) {
      takeUp(t, dy);
    }
  }

  /** Adds the gradient by the last states of all rows, at the beginning of a walk. */
  void takeUp(Matrix dState) {
    kernels.elements().add(used.count(), dState, waiting);
  }

  /** Adds the gradient by the output of step {@code t}, if it has one. */
  private void takeUp(int t, Matrix[] dy) {
    int output = t - layer.steps + dy.length;
    if (output < 0) {
      return;
    }
    if (!layer.zeroOutput && firsts.length == 0) {
      kernels.elements().add(used.count(), dy[output], waiting);
      return;
    }
    for (int row = 0; !layer.zeroOutput && row < used.count(); row++) {
      if (t >= firsts[row]) {
        kernels.elements().add(row, 1, dy[output], waiting);
      }
    }
    if (!layer.zeroOutput) {
      return;
    }
    for (int row = used.next(t, 0), end; row < used.count(); row = used.next(t, end)) {
      end = used.end(t, row);
      kernels.elements().add(row, end - row, dy[output], waiting);
    }
  }

  /** Returns what is the gradient by an output to the rows in which step {@code t} counts. */
  Matrix at(int t, Matrix[] dy) {
    takeUp(t, dy);
    if (t + 1 < layer.steps) {
      for (int row = used.end(t, 0), end; row < used.count(); row = used.end(t, end)) {
        end = used.next(t, row);
        enter(t + 1, row, end);
      }
      for (int row = used.next(t, 0), end; row < used.count(); row = used.next(t, end)) {
        end = used.end(t, row);
        leave(t + 1, row, end);
      }
    }
    return waiting;
  }

  /** Rows come to a gap: the gradient through the sums of the step after it waits. */
  private void enter(int after, int from, int to) {
    for (int row = used.next(after, from), end; row < to; row = used.next(after, end)) {
      end = Math.min(to, used.end(after, row));
      Matrix dz = gradients.dz(after);
      products.stateGradient(row, end - row, dz, waiting, waiting);
    }
  }

  /** Rows come out of a gap: no gradient comes through the sums of the step after them. */
  private void leave(int after, int from, int to) {
    for (int row = used.end(after, from), end; row < to; row = used.end(after, end)) {
      end = Math.min(to, used.next(after, row));
      kernels.start(row, end - row, weights.zeroColumns, gradients.dz(after));
    }
  }

  /** Ends a walk back at its first step: no gradient comes through the sums where it is masked. */
  void end() {
    for (int row = used.end(0, 0), to; row < used.count(); row = used.end(0, to)) {
      to = used.next(0, row);
      kernels.start(row, to - row, weights.zeroColumns, gradients.dz(0));
    }
  }

  /** Adds what waits at the end: the gradient by the state before the first step that counts. */
  void addTo(Matrix dState) {
    kernels.elements().add(used.count(), waiting, dState);
  }

  /** Lets nothing wait for rows that step {@code t} has gone back through. */
  void done(int t) {
    for (int row = used.next(t, 0), end; row < used.count(); row = used.next(t, end)) {
      end = used.end(t, row);
      kernels.start(row, end - row, weights.zeroUnits, waiting);
    }
  }
}
