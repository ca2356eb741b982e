package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/** The outputs of a walk that are zero at masked steps, where the states are not. */
final class GapOutputs {
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final WalkRows used;
  private final int steps;

  GapOutputs(CpuRecurrent layer, CheckedKernels kernels, WalkRows used) {
    this.kernels = kernels;
    this.used = used;
    weights = layer.weights;
    steps = layer.steps;
  }

  /** Sets the outputs, those of the last steps, from the states after all steps. */
  void set(Matrix[] states, Matrix[] outputs) {
    for (int i = 0; i < outputs.length; i++) {
      int t = steps - outputs.length + i;
      for (int row = used.next(t, 0), end; row < used.count(); row = used.next(t, end)) {
        end = used.end(t, row);
        kernels.copy(row, end - row, states[t], outputs[i]);
      }
      for (int row = used.end(t, 0), end; row < used.count(); row = used.end(t, end)) {
        end = used.next(t, row);
        kernels.start(row, end - row, weights.zeroUnits, outputs[i]);
      }
    }
  }
}
