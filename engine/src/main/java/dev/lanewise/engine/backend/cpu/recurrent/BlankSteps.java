package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * A recurrent layer at work on steps whose inputs are zero in every row: their states are the same
 * in every row, and so are computed for one. What goes back through them is linear in the gradient
 * by the sums, so that the sum over the rows goes back in place of the rows.
 */
final class BlankSteps {
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final JointProducts products;
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
    GateLayout gates = weights.gates;
    Tensor states = context.matrix("blank states", steps, weights.units);
    StepValues values = layer.values(context, "blank gates", steps, 1);
    StepValues gradients =
        context.training()
            ? new StepValues(context, "blank gradients", gates, steps, 1, gates.blocks())
            : null;
    h = rows(states);
    Matrix[] after = new Matrix[steps];
    System.arraycopy(h, 1, after, 0, steps - 1);
    after[steps - 1] = h[0]; // a place that no step writes: they are never all blank
    products = new JointProducts(weights, context, steps, 1, null);
    cell = layer.cell(new CellRoom(context, 1, products, after, values, gradients));
    operands = new Operands[steps];
    for (int t = 0; t < steps; t++) {
      operands[t] = t == 0 ? Operands.ofNothing(false) : Operands.ofState(h[t], false);
    }
    laterStates = states.matrix(1, steps - 1, 0, weights.units);
    if (gradients == null) {
      dz = new Matrix[0];
      laterDz = laterStates;
      allDz = laterStates;
    } else {
      dz = new Matrix[steps];
      Arrays.setAll(dz, t -> gradients.at(t, 0, gates.blocks()));
      laterDz = gradients.of(1, steps - 1, 0, gates.blocks());
      allDz = gradients.of(0, steps, 0, gates.blocks());
    }
  }

  private static Matrix[] rows(Tensor tensor) {
    Matrix all = tensor.matrix();
    Matrix[] rows = new Matrix[all.rows()];
    for (int t = 0; t < rows.length; t++) {
      rows[t] = tensor.matrix(t, 1, 0, all.columns());
    }
    return rows;
  }

  /** Returns the cell of one row, which {@link #forward} has taken through the blank steps. */
  Cell cell() {
    return cell;
  }

  /** Returns the state after {@code lead} blank steps, which {@link #forward} has computed. */
  Matrix state(int lead) {
    return h[lead];
  }

  /** Computes the state after {@code lead} blank steps, 1 or more and fewer than all. */
  Matrix forward(int lead) {
    for (int t = 0; t < lead; t++) {
      cell.forward(t, 0, 1, operands[t]);
    }
    return h[lead];
  }

  /**
   * Adds the gradients of the last {@link #forward}'s steps to a shard's.
   *
   * @param next the rows' gradients by the sums of step {@code lead}
   * @param many the cell that left them
   */
  void backward(int lead, int rows, Matrix next, Cell many, int shard) {
    kernels.start(1, weights.zeroColumns, dz[lead]);
    kernels.columnSums(rows, next, dz[lead]);
    cell.followBack(rows, many);
    for (int t = lead - 1; t >= 0; t--) {
      cell.backward(t, 0, 1, weights.zeroUnits);
    }
    if (lead > 1) {
      products.addRecurrentGradients(lead - 1, laterStates, laterDz, shard);
    }
    weights.addBiasGradient(kernels, 0, lead, allDz, shard);
  }
}
