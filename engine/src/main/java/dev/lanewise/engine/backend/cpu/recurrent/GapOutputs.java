package dev.lanewise.engine.backend.cpu.recurrent;

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

  /** The rows whose outputs are their states, at the step at hand. */
  private final BitSet shown;

  GapOutputs(CpuRecurrent layer, RunContext context, WalkRows used) {
    kernels = context.kernels();
    this.used = used;
    zeros = layer.weights.zeroUnits;
    zeroAll = layer.zeroOutput;
    steps = layer.steps;
    shown = new BitSet(context.rows());
  }

  /** Sets the outputs, those of the last steps, from the states after all steps. */
  void set(Matrix[] states, Matrix[] outputs) {
    shown.clear();
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
