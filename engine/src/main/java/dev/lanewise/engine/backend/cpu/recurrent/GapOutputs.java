package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.BitSet;

/**
 * The outputs of a walk that are not its states: zero at masked steps, or else before the first
 * that counts, where the state is one that others give.
 */
final class GapOutputs {
  private final CheckedKernels kernels;
  private final WalkRows used;
  private final Matrix zeros;
  private final boolean zeroAll;
  private final int steps;

  /** Whether it is the next part of a sequence, unless that is trained on, that a walk is over. */
  private final boolean goesOn;

  /** The rows whose outputs are their states, at the step at hand. */
  private final BitSet shown;

  GapOutputs(CpuRecurrent layer, RunContext context, WalkRows used) {
    kernels = context.kernels();
    this.used = used;
    zeros = layer.weights.zeroUnits;
    zeroAll = layer.zeroOutput;
    steps = layer.steps;
    goesOn = context.purpose() == RunContext.Purpose.WINDOWS;
    shown = new BitSet(context.rows());
  }

  /**
   * Sets the outputs, those of the last steps, from the states after all steps. In a window that is
   * trained on, rows begin as those of any batch do; answers are those of the whole sequence, whose
   * last output is the state that the window begins with.
   */
  void set(Pass pass, Matrix[] states, Matrix[] outputs) {
    shown.clear();
    if (goesOn && !pass.training()) {
      shown.set(0, used.count());
    }
    for (int t = 0; t < steps; t++) {
      if (zeroAll) {
        shown.clear();
      }
      for (int row = used.next(t, 0), end; row < used.count(); row = used.next(t, end)) {
        end = used.end(t, row);
        shown.set(row, end);
      }
      int output = t - steps + outputs.length;
      if (output >= 0) {
        set(states[t], outputs[output]);
      }
    }
  }

  private void set(Matrix state, Matrix output) {
    for (int row = 0, end; row < used.count(); row = end) {
      boolean shows = shown.get(row);
      int next = shows ? shown.nextClearBit(row) : shown.nextSetBit(row);
      end = next < 0 ? used.count() : Math.min(next, used.count());
      kernels.start(row, end - row, shows ? state : zeros, output);
    }
  }
}
