package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;

/**
 * A recurrent layer at work on steps whose inputs are zero in every row: their states are the same
 * in every row, and so are computed for one. What goes back through them is linear in the gradient
 * by the sums, so that the sum over the rows goes back in place of the rows.
 */
final class BlankSteps {
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final Cell cell;
  private final Operands[] operands;
  private final Matrix[] h;
  private final Matrix[] dz;
  private final Matrix laterStates;
  private final Matrix laterDz;
  private final Matrix allDz;

  /** Takes the memory; for layers of two steps or more. */
  BlankSteps(CpuRecurrent layer, RunContext context) {
    weights = layer.weights;
    kernels = context.kernels();
    int steps = layer.steps;
    Tensor states = context.matrix("blank states", steps, weights.units);
    Tensor gradients =
        context.training() ? context.matrix("blank gradients", steps, weights.units) : states;
    h = rows(states);
    dz = rows(gradients);
    Matrix[] after = new Matrix[steps];
    System.arraycopy(h, 1, after, 0, steps - 1);
    cell = layer.cell(kernels, after, dz);
    operands = new Operands[steps];
    for (int t = 0; t < steps; t++) {
      Matrix start = weights.start;
      operands[t] = t == 0 ? Operands.ofNothing(start) : Operands.ofState(h[t], start);
    }
    laterStates = states.matrix(1, steps - 1, 0, weights.units);
    laterDz = gradients.matrix(1, steps - 1, 0, weights.units);
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

  /** Computes the state after {@code lead} blank steps, 1 or more and fewer than all. */
  Matrix forward(int lead) {
    for (int t = 0; t < lead; t++) {
      cell.forward(t, 1, operands[t]);
    }
    return h[lead];
  }

  /**
   * Adds the gradients of the last {@link #forward}'s steps to a shard's.
   *
   * @param next the rows' gradients by the sums of step {@code lead}
   */
  void backward(int lead, int rows, Matrix next, int shard) {
    kernels.fill(1, weights.zeroUnits, dz[lead]);
    kernels.columnSums(rows, next, dz[lead]);
    for (int t = lead - 1; t >= 0; t--) {
      cell.backward(t, 1, weights.zeroUnits);
    }
    if (lead > 1) {
      weights.addRecurrentGradients(kernels, lead - 1, laterStates, laterDz, shard);
    }
    weights.addBiasGradient(kernels, lead, allDz, shard);
  }
}
