package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;

/**
 * A recurrent layer at work on steps whose inputs are zero in every row: their states are the same
 * in every row, and so are computed for one. What goes back through them is linear in the gradient
 * by the sums, so that the sum over the rows goes back in place of the rows.
 */
final class BlankRun {
  private final CpuSimpleRnn layer;
  private final CheckedKernels kernels;
  private final Matrix[] h;
  private final Matrix[] dz;
  private final Matrix laterStates;
  private final Matrix laterDz;
  private final Matrix allDz;

  /** Takes the memory; for layers of two steps or more. */
  BlankRun(CpuSimpleRnn layer, RunContext context) {
    this.layer = layer;
    kernels = context.kernels();
    int steps = layer.steps;
    Tensor states = context.matrix("blank states", steps, layer.units);
    Tensor gradients =
        context.training() ? context.matrix("blank gradients", steps, layer.units) : states;
    h = rows(states);
    dz = rows(gradients);
    laterStates = states.matrix(1, steps - 1, 0, layer.units);
    laterDz = gradients.matrix(1, steps - 1, 0, layer.units);
    allDz = gradients.matrix();
  }

  private static Matrix[] rows(Tensor tensor) {
    Matrix all = tensor.matrix();
    Matrix[] rows = new Matrix[all.rows()];
    for (int t = 0; t < rows.length; t++) {
      rows[t] = tensor.matrix(t, 1, 0, all.columns());
    }
    return rows;
  }

  /** Returns the state after {@code lead} blank steps, which {@link #forward} has computed. */
  Matrix state(int lead) {
    return h[lead];
  }

  /**
   * Computes the state after {@code lead} blank steps, 1 or more and fewer than all.
   *
   * <p>The chain of a step that is not passed over adds the products of zeros first, which change
   * nothing: the bits are the same.
   */
  Matrix forward(int lead) {
    kernels.fill(1, layer.start, h[1]);
    kernels.activation(1, h[1], layer.f);
    for (int t = 1; t < lead; t++) {
      kernels.gemmActivation(1, h[t], layer.recurrentKernel, layer.start, h[t + 1], layer.f);
    }
    return h[lead];
  }

  /**
   * Adds the gradients of the last {@link #forward}'s steps to a shard's.
   *
   * @param next the rows' gradients by the sums of step {@code lead}
   */
  void backward(int lead, int rows, Matrix next, Matrix recurrentTransposed, int shard) {
    kernels.fill(1, layer.zeroUnits, dz[lead]);
    kernels.columnSums(rows, next, dz[lead]);
    for (int t = lead - 1; t >= 0; t--) {
      kernels.gemmDerivative(
          1, dz[t + 1], recurrentTransposed, layer.zeroUnits, dz[t], layer.f, h[t + 1]);
    }
    if (lead > 1) {
      Matrix gradient = layer.recurrentGradients[shard];
      kernels.gemmTransposedA(lead - 1, laterStates, laterDz, gradient, gradient);
    }
    if (layer.biased) {
      kernels.columnSums(lead, allDz, layer.biasGradients[shard]);
    }
  }
}
