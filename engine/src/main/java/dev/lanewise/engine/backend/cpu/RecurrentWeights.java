package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a recurrent layer, [kernel; recurrent kernel] as one matrix with the gates side by
 * side, and every product with them. A gate that sums inputs alone, or states alone, has zeros in
 * place of the other's weights, which no product reads.
 */
final class RecurrentWeights {
  final int features;
  final int units;
  final GateLayout gates;
  final Matrix zeroUnits;
  final Matrix zeroColumns;

  final Matrix zeroFeatures;
  private final long size;
  private final long stateSize;
  private final WeightColumns both;
  private final @Nullable WeightColumns inputOnly;
  private final @Nullable WeightColumns stateOnly;
  private final @Nullable WeightColumns inner;
  private final @Nullable Matrix stateTransposed;
  private final @Nullable Matrix innerTransposed;
  private final @Nullable Matrix kernelTransposed;
  private final CpuParameter weights;
  private final @Nullable RecurrentBias bias;

  /** Takes the weights' memory. */
  RecurrentWeights(LayerContext context, int features, GateLayout gates, int biases) {
    this.features = features;
    this.gates = gates;
    units = gates.units();
    int columns = gates.columns();
    weights = context.parameter("kernel and recurrent kernel", features + units, columns);
    bias = biases == 0 ? null : new RecurrentBias(context, gates, biases);
    Matrix start = bias == null ? context.zeroRow(columns) : bias.start();
    int state = gates.inputOnly() + gates.both();
    int last = gates.blocks() - gates.inner();
    both = columns(context, start, gates.inputOnly(), gates.both(), 0, features + units);
    inputOnly =
        gates.inputOnly() == 0 ? null : columns(context, start, 0, gates.inputOnly(), 0, features);
    stateOnly =
        gates.stateOnly() == 0
            ? null
            : columns(context, start, state, gates.stateOnly(), features, units);
    inner =
        gates.inner() == 0
            ? null
            : columns(context, start, last, gates.inner(), 0, features + units);
    zeroUnits = context.zeroRow(units);
    zeroColumns = context.zeroRow(columns);
    zeroFeatures = context.zeroRow(features);
    size = (long) (features + units) * columns;
    int stateRows = gates.width(last - gates.inputOnly());
    stateSize = (long) stateRows * units;
    Tensor back = context.training() ? weights.transposed(features, units) : null;
    int stateColumn = gates.column(gates.inputOnly());
    stateTransposed = back == null ? null : back.matrix(stateColumn, stateRows, 0, units);
    innerTransposed =
        back == null || inner == null ? null : back.matrix(inner.column(), units, 0, units);
    Tensor below = context.training() && !context.first() ? weights.transposed(0, features) : null;
    int inputBlocks = gates.blocks() - gates.stateOnly();
    kernelTransposed =
        below == null ? null : below.matrix(0, gates.width(inputBlocks), 0, features);
  }

  private WeightColumns columns(
      LayerContext context, Matrix start, int block, int blocks, int firstRow, int rows) {
    int column = gates.column(block);
    int width = gates.width(blocks);
    return new WeightColumns(
        weights,
        features,
        column,
        start.tensor().matrix(0, 1, column, width),
        context.zeroRow(width),
        firstRow,
        rows);
  }

  /** Goes over rows in strips that suit the products forward. */
  void inStrips(CheckedKernels kernels, int rows, Strip strip) {
    kernels.inStrips(rows, size, gates.columns(), strip);
  }

  /** Goes over rows in strips that suit the products backward. */
  void inStripsBack(CheckedKernels kernels, int rows, Strip strip) {
    kernels.inStrips(rows, stateSize, units, strip);
  }

  /** Computes the sums of a step, but the inner ones, on some rows. */
  void sum(CheckedKernels kernels, int first, int count, Operands of, GateSums sums) {
    if (inputOnly != null && sums.inputOnly() != null) {
      inputOnly.sum(kernels, first, count, of, sums.inputOnly());
    }
    both.sum(kernels, first, count, of, sums.both());
    if (stateOnly != null && sums.stateOnly() != null) {
      stateOnly.sum(kernels, first, count, of, sums.stateOnly());
    }
  }

  /** Computes the inputs' part of all sums of some rows, the inner ones too. */
  void sumInputs(CheckedKernels kernels, int rows, Operands inputs, GateSums sums) {
    sum(kernels, 0, rows, inputs, sums);
    if (sums.inner() != null) {
      sumInner(kernels, 0, rows, inputs, sums.inner());
    }
  }

  /**
   * Computes the inner sums of a step on some rows; what is made of the state is the state here.
   */
  void sumInner(CheckedKernels kernels, int first, int count, Operands of, Matrix sums) {
    if (inner != null) {
      inner.sum(kernels, first, count, of, sums);
    }
  }

  /**
   * Computes dh = start + dz * recurrentKernel' on some rows, the gradient by the state before the
   * step of dz, but for what goes through inner sums.
   */
  void stateGradient(
      CheckedKernels kernels, int first, int count, Matrix dz, Matrix start, Matrix dh) {
    kernels.gemm(first, count, dz, both.column(), forBackward(stateTransposed), start, dh);
  }

  /** Computes the gradient by what inner sums have in place of the state, on some rows. */
  void innerGradient(CheckedKernels kernels, int first, int count, Matrix dz, Matrix dh) {
    Matrix transposed = forBackward(innerTransposed);
    kernels.gemm(first, count, dz, gates.column(gates.blocks() - 1), transposed, zeroUnits, dh);
  }

  /** Computes dx = start + dz * kernel', the gradient by the inputs. */
  void inputGradient(CheckedKernels kernels, int rows, Matrix dz, Matrix start, Matrix dx) {
    kernels.gemm(0, rows, dz, 0, forBackward(kernelTransposed), start, dx);
  }

  private static Matrix forBackward(@Nullable Matrix transposed) {
    if (transposed == null) {
      throw new IllegalStateException("backward: the weights were made without a backward pass");
    }
    return transposed;
  }

  /** Begins a shard's gradients; the weights' begin with the first that are added. */
  void beginGradients(CheckedKernels kernels, int shard) {
    if (bias != null) {
      bias.beginGradient(kernels, shard);
    }
  }

  /**
   * Adds the gradients of {@code depth} rows to a shard's.
   *
   * @param joined their [x | h]
   * @param dz their gradients by the sums
   * @param begins whether none were added before
   */
  void addGradients(
      CheckedKernels kernels, int depth, Matrix joined, Matrix dz, boolean begins, int shard) {
    both.addGradient(kernels, depth, joined, 0, dz, begins, shard);
    if (inputOnly != null) {
      inputOnly.addGradient(kernels, depth, joined, 0, dz, begins, shard);
    }
    if (stateOnly != null) {
      stateOnly.addGradient(kernels, depth, joined, features, dz, begins, shard);
    }
    addBiasGradient(kernels, depth, dz, shard);
  }

  /** Adds the gradients that go through inner sums; {@code joined} has what they sum. */
  void addInnerGradients(
      CheckedKernels kernels, int depth, Matrix joined, Matrix dz, boolean begins, int shard) {
    if (inner != null) {
      inner.addGradient(kernels, depth, joined, 0, dz, begins, shard);
    }
  }

  /** Adds what rows without inputs give to the recurrent kernel's gradient alone. */
  void addRecurrentGradients(CheckedKernels kernels, int depth, Matrix h, Matrix dz, int shard) {
    both.addRecurrentGradient(kernels, depth, h, dz, shard);
    if (stateOnly != null) {
      stateOnly.addRecurrentGradient(kernels, depth, h, dz, shard);
    }
  }

  /** Adds the gradients by the sums of {@code depth} rows to the bias's. */
  void addBiasGradient(CheckedKernels kernels, int depth, Matrix dz, int shard) {
    if (bias != null) {
      bias.addGradient(kernels, depth, dz, shard);
    }
  }

  List<CpuParameter> parameters() {
    return bias == null ? List.of(weights) : List.of(weights, bias.parameter());
  }

  /**
   * Returns where each of Keras's arrays lies, in Keras's order.
   *
   * @param kernelGates the block of each of Keras's gates in the kernel
   * @param recurrentGates and in the recurrent kernel
   */
  List<ParameterView> views(List<Integer> kernelGates, List<Integer> recurrentGates) {
    ParameterView kernel = ParameterView.of(weights, 0, features, gates, kernelGates);
    ParameterView recurrent = ParameterView.of(weights, features, units, gates, recurrentGates);
    return bias == null
        ? List.of(kernel, recurrent)
        : List.of(kernel, recurrent, bias.view(kernelGates, recurrentGates));
  }
}
