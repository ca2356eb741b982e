package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer that takes one step of one sequence at a time and keeps its state in between.
 * The cell always computes step 1 from step 0, to which what it leaves is copied: a few vectors.
 * Inputs and state are one operand, whose chain is that of {@link ManyRows}, and so are the bits.
 */
final class StreamedRow implements LayerRun {
  private final CheckedKernels kernels;
  private final @Nullable LayerRun below;
  private final Cell cell;
  private final Matrix x;
  private final Matrix h;
  private final Matrix next;
  private final @Nullable StepMask mask;
  private final Matrix masked;
  private final Matrix[] inputs;
  private final Matrix[] outputs;
  private final Matrix[] carried;
  private final Matrix[] nextCarried;
  private final Operands first;
  private final Operands later;

  StreamedRow(CpuRecurrent layer, RunContext context, @Nullable LayerRun below) {
    this.below = below;
    kernels = context.kernels();
    RecurrentWeights weights = layer.weights;
    Tensor row = weights.row.tensor(context, "input and state", 1, 1);
    x = weights.row.inputs(row, 0, 1);
    h = weights.row.state(row, 0, 1);
    next = context.matrix("next state", 1, weights.units).matrix();
    mask = below == null ? null : below.mask();
    masked = layer.zeroOutput ? weights.zeroUnits : h;
    inputs = new Matrix[] {x};
    outputs = new Matrix[] {next};
    first = Operands.ofInputs(x);
    later = new Operands(weights.row.joined(row, 0, 1), x, h, false);
    JointProducts products = new JointProducts(weights, context, 2, 1, null);
    StepValues values = layer.values(context, "gates", 2, 1);
    Matrix[] states = {h, next};
    cell = layer.cell(new CellRoom(context, 1, products, states, values, null));
    carried = cell.carried(0).toArray(Matrix[]::new);
    nextCarried = cell.carried(1).toArray(Matrix[]::new);
  }

  @Override
  public Matrix[] inputs() {
    return inputs;
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public Matrix[] outputGradients() {
    return new Matrix[0];
  }

  @Override
  public List<Matrix> state() {
    List<Matrix> state = new ArrayList<>(List.of(h));
    state.addAll(List.of(carried));
    return state;
  }

  /** A masked step leaves the state, which is the last output too, or zero. */
  @Override
  public void forward(Pass pass) {
    if (mask != null && !mask.uses(0, 0)) {
      kernels.start(1, masked, next);
      return;
    }
    if (below != null) {
      kernels.copy(1, below.outputs()[0], x);
    }
    cell.forward(1, 0, 1, pass.begins() ? first : later);
    kernels.copy(1, next, h);
    for (int i = 0; i < carried.length; i++) {
      kernels.copy(1, nextCarried[i], carried[i]);
    }
  }

  @Override
  public void backward(Pass pass) {
    throw new IllegalStateException("backward: the run was made without a backward pass");
  }
}
