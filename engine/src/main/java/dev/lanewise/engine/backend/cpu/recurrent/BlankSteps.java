package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Panels;
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

  private final Matrix[] dz;
  private final Matrix laterDz;
  private final Matrix allDz;

  /** A step's gradient by its sums, while those of rows are in its place. */
  private final Matrix aside;

  /** The gradients of one product, where those want panels. */
  private final @Nullable Panels packed;

  private int lead;

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
    packed = gradients == null ? null : weights.packedGradients(context, steps);
    operands = new Operands[steps];
    for (int t = 0; t < steps; t++) {
      operands[t] = t == 0 ? Operands.ofNothing(false) : Operands.ofState(h[t], false);
    }
    laterStates = states.matrix(1, steps - 1, 0, weights.units);
    if (gradients == null) {
      dz = new Matrix[0];
      laterDz = laterStates;
      allDz = laterStates;
      aside = laterStates;
    } else {
      dz = new Matrix[steps];
      Arrays.setAll(dz, t -> gradients.at(t, 0, gates.blocks()));
      laterDz = gradients.of(1, steps - 1, 0, gates.blocks());
      allDz = gradients.of(0, steps, 0, gates.blocks());
      aside = context.matrix("blank gradient aside", 1, gates.columns()).matrix();
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

  /** Computes the states after each of {@code count} blank steps, fewer than all. */
  void forward(int count) {
    lead = count;
    for (int t = 0; t < lead; t++) {
      cell.forward(t, 0, 1, operands[t]);
    }
  }

  /**
   * Goes back from step {@code t} to the one before it, if rows are blank there, with what those
   * leave whose own steps begin with it.
   *
   * @param of the rows' gradients by its sums
   * @param many the cell that has gone back through it
   */
  void backward(int t, WalkRows rows, Matrix of, Cell many) {
    if (t == 0 || t > lead) {
      return;
    }
    if (t == lead) {
      cell.beginBack(1, weights.zeroUnits);
      kernels.start(1, weights.zeroColumns, dz[lead]);
    }
    int first = rows.begun(t - 1);
    int count = rows.begun(t) - first;
    if (count == 0) {
      cell.backward(t - 1, 0, 1, weights.zeroUnits);
      return;
    }
    kernels.copy(1, dz[t], aside);
    kernels.columnSums(first, count, of, 0, dz[t]);
    cell.followBack(first, count, many);
    cell.backward(t - 1, 0, 1, weights.zeroUnits);
    kernels.copy(1, aside, dz[t]); // the weights' gradients by rows are theirs to add
  }

  /** Adds the gradients of all steps, which have been gone back through, to a shard's. */
  void addWeightGradients(int shard) {
    if (lead > 1) {
      products.addRecurrentGradients(lead - 1, laterStates, laterDz, packed, shard);
    }
    if (lead > 0) {
      weights.addBiasGradient(kernels, 0, lead, allDz, shard);
    }
  }
}
