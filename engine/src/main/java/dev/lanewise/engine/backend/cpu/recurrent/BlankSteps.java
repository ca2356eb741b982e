package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer at work on the steps that rows begin with while their inputs are zero: their
 * states are the same in every such row, and so are computed for one. What goes back through them
 * is linear in the gradient by the sums, so that the sum over the rows goes back in place of the
 * rows; each row's joins it where its own steps end.
 */
final class BlankSteps {
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final JointProducts products;
  private final Cell cell;
  private final Operands[] operands;
  private final Matrix[] h;
  private final Matrix laterStates;

  /** By step: the gradient by the sums, that of the rows that join there in it. */
  private final Matrix[] dz;

  private final Matrix[] joining;

  /** Without that: what the step itself gives to the weights. */
  private final Matrix[] own;

  private final Matrix laterOwn;
  private final Matrix allOwn;

  /** Takes the memory; for layers of two steps or more. */
  BlankSteps(CpuRecurrent layer, RunContext context) {
    weights = layer.weights;
    kernels = context.kernels();
    int steps = layer.steps;
    GateLayout gates = weights.gates;
    Tensor states = context.matrix("blank states", steps, weights.units);
    StepValues values = layer.values(context, "blank gates", steps, 1);
    boolean training = context.training();
    StepValues gradients = training ? gradients(context, "blank gradients", steps) : null;
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
    dz = rows(gradients, steps);
    joining = rows(training ? gradients(context, "joining gradients", steps) : null, steps);
    StepValues apart = training ? gradients(context, "gradients of blank steps", steps) : null;
    own = rows(apart, steps);
    int blocks = gates.blocks();
    laterOwn = apart == null ? laterStates : apart.of(1, steps - 1, 0, blocks);
    allOwn = apart == null ? laterStates : apart.of(0, steps, 0, blocks);
  }

  private StepValues gradients(RunContext context, String label, int steps) {
    return new StepValues(context, label, weights.gates, steps, 1, weights.gates.blocks());
  }

  private Matrix[] rows(@Nullable StepValues gradients, int steps) {
    if (gradients == null) {
      return new Matrix[0];
    }
    Matrix[] rows = new Matrix[steps];
    Arrays.setAll(rows, t -> gradients.at(t, 0, weights.gates.blocks()));
    return rows;
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

  /** Computes the states after each of {@code lead} blank steps, fewer than all. */
  void forward(int lead) {
    for (int t = 0; t < lead; t++) {
      cell.forward(t, 0, 1, operands[t]);
    }
  }

  /**
   * Takes what the rows leave whose own steps begin with step {@code t}.
   *
   * @param of the rows' gradients by its sums
   */
  void join(int t, WalkRows rows, Matrix of) {
    int first = rows.begun(t - 1);
    int count = rows.begun(t) - first;
    if (t > 0 && count > 0) {
      kernels.start(1, weights.zeroColumns, joining[t]);
      kernels.columnSums(first, count, of, 0, joining[t]);
    }
  }

  /**
   * Adds the gradients of the last {@link #forward}'s steps to a shard's, after all rows have gone
   * back to where they join.
   *
   * @param many the cell that they have gone back through
   */
  void backward(WalkRows rows, Cell many, int shard) {
    int lead = rows.allBegun();
    if (lead == 0) {
      return;
    }
    cell.beginBack(1, weights.zeroUnits);
    kernels.start(1, weights.zeroColumns, dz[lead]);
    for (int t = lead; t > 0; t--) {
      int first = rows.begun(t - 1);
      int count = rows.begun(t) - first;
      if (count > 0) {
        kernels.elements().add(1, joining[t], dz[t]);
        cell.followBack(first, count, many);
      }
      cell.backward(t - 1, 0, 1, weights.zeroUnits);
      kernels.copy(1, dz[t - 1], own[t - 1]);
    }
    if (lead > 1) {
      products.addRecurrentGradients(lead - 1, laterStates, laterOwn, shard);
    }
    weights.addBiasGradient(kernels, 0, lead, allOwn, shard);
  }
}
