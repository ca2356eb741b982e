package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.backend.cpu.weights.RightOperand;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Panels;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a recurrent layer, [kernel; recurrent kernel] as one matrix with the gates side by
 * side. A gate that sums inputs alone, or states alone, has zeros in place of the other's weights,
 * which no product reads.
 */
final class RecurrentWeights implements GateWeights {
  /** Rows of weights from which on their gradient is worth a copy, which takes as long as three. */
  private static final int PACKED_ROWS = 150;

  final JoinedRow row;
  final int features;
  final int units;
  final GateLayout gates;
  final Matrix zeroUnits;
  final Matrix zeroColumns;
  final Matrix zeroFeatures;

  /** The gates that sum inputs and states, inputs alone, states alone, and the inner one. */
  final WeightColumns both;

  final @Nullable WeightColumns inputOnly;
  final @Nullable WeightColumns stateOnly;
  final @Nullable WeightColumns inner;
  private final boolean halves;
  private final long size;
  private final long stateSize;
  private final Matrix start;
  private final Tensor zeros;
  private final @Nullable RightOperand stateTransposed;
  private final @Nullable RightOperand kernelTransposed;
  private final CpuParameter weights;
  private final @Nullable RecurrentBias bias;

  /** Takes the weights' memory. */
  RecurrentWeights(LayerContext context, int features, GateLayout gates, int biases) {
    this.features = features;
    halves = context.halves();
    this.gates = gates;
    units = gates.units();
    row = new JoinedRow(features, units);
    zeros = context.zeros();
    int columns = gates.columns();
    weights = context.parameter("kernel and recurrent kernel", features + units, columns);
    bias = biases == 0 ? null : new RecurrentBias(context, gates, biases);
    zeroUnits = context.zeroRow(units);
    zeroColumns = context.zeroRow(columns);
    zeroFeatures = context.zeroRow(features);
    start = bias == null ? zeroColumns : bias.start();
    int state = gates.inputOnly() + gates.both();
    both = columns(gates.inputOnly(), gates.both(), true, true);
    inputOnly = gates.inputOnly() == 0 ? null : columns(0, gates.inputOnly(), true, false);
    stateOnly = gates.stateOnly() == 0 ? null : columns(state, gates.stateOnly(), false, true);
    inner = gates.inner() == 0 ? null : columns(outerBlocks(), gates.inner(), true, true);
    size = (long) (features + units) * columns;
    stateSize = (long) gates.width(outerBlocks() - gates.inputOnly()) * units;
    stateTransposed = context.training() ? weights.transposed(features, units) : null;
    kernelTransposed =
        context.training() && !context.lowest() ? weights.transposed(0, features) : null;
  }

  /** Returns how many blocks are not inner. */
  private int outerBlocks() {
    return gates.blocks() - gates.inner();
  }

  private WeightColumns columns(int block, int blocks, boolean inputs, boolean states) {
    int column = gates.column(block);
    int width = gates.width(blocks);
    return new WeightColumns(
        weights,
        halves ? weights.halves(column, width) : null,
        features,
        column,
        start.tensor().matrix(0, 1, column, width),
        zeros.matrix(0, 1, 0, width),
        inputs ? 0 : features,
        (inputs ? features : 0) + (states ? units : 0));
  }

  /** Returns the columns of all gates but the inner. */
  List<WeightColumns> outerColumns() {
    return Stream.of(both, inputOnly, stateOnly).filter(Objects::nonNull).toList();
  }

  /**
   * Returns the columns of one gate alone, those of what it sums of inputs and of what it sums of
   * states, which may be the same.
   */
  List<WeightColumns> columns(int kernelBlock, int recurrentBlock) {
    return kernelBlock == recurrentBlock
        ? List.of(columns(kernelBlock, 1, true, true))
        : List.of(columns(kernelBlock, 1, true, false), columns(recurrentBlock, 1, false, true));
  }

  @Override
  public GateLayout gates() {
    return gates;
  }

  @Override
  public Matrix zeroUnits() {
    return zeroUnits;
  }

  @Override
  public void inStrips(CheckedKernels kernels, int first, int rows, Strip strip) {
    kernels.inStrips(first, rows, size, gates.columns(), strip);
  }

  @Override
  public void inStripsBack(CheckedKernels kernels, int first, int rows, Strip strip) {
    kernels.inStrips(first, rows, stateSize, units, strip);
  }

  /** Returns the transposed recurrent kernel of all gates that sum states but the inner. */
  @Nullable RightOperand stateTransposed() {
    int first = gates.inputOnly();
    return transposed(stateTransposed, first, outerBlocks() - first);
  }

  /** Returns the transposed recurrent kernel of one block; absent without a way back. */
  @Nullable RightOperand stateTransposed(int block) {
    return transposed(stateTransposed, block, 1);
  }

  /** Returns the transposed kernel of all gates that sum inputs; absent if nobody is below. */
  @Nullable RightOperand kernelTransposed() {
    return transposed(kernelTransposed, 0, gates.blocks() - gates.stateOnly());
  }

  /** Returns the transposed kernel of one block; absent if nobody is below. */
  @Nullable RightOperand kernelTransposed(int block) {
    return transposed(kernelTransposed, block, 1);
  }

  private @Nullable RightOperand transposed(@Nullable RightOperand of, int block, int blocks) {
    return of == null ? null : of.rows(gates.column(block), gates.width(blocks));
  }

  /** Returns weights for the way back. */
  static RightOperand back(@Nullable RightOperand transposed) {
    if (transposed == null) {
      throw new IllegalStateException("backward: the weights were made without a backward pass");
    }
    return transposed;
  }

  /** Returns whether anything below asks for the gradient by the inputs. */
  boolean reachesBelow() {
    return kernelTransposed != null;
  }

  /**
   * Takes room for copies of so many rows of gradients by the sums; absent where products do not
   * want such, or have too few rows.
   */
  @Nullable Panels packedGradients(RunContext context, int rows) {
    boolean wanted =
        (long) (features + units) * gates.columns() >= context.kernels().unchecked().panelsFrom()
            && isTrained()
            && features + units >= PACKED_ROWS;
    return wanted ? Panels.of(context.arena(), "packed gradients", rows, gates.columns()) : null;
  }

  /** Returns whether there are gradients by the weights. */
  boolean isTrained() {
    return weights.isTrained();
  }

  /** Begins a shard's gradients; the weights' begin with the first that are added. */
  void beginGradients(CheckedKernels kernels, int shard) {
    if (bias != null && isTrained()) {
      bias.beginGradient(kernels, shard);
    }
  }

  /** Adds the gradients by the sums of {@code depth} rows from one row on to the bias's. */
  void addBiasGradient(CheckedKernels kernels, int first, int depth, Matrix dz, int shard) {
    if (bias != null) {
      bias.addGradient(kernels, first, depth, dz, shard);
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
    ParameterView kernel = gates.view(weights, 0, features, kernelGates);
    ParameterView recurrent = gates.view(weights, features, units, recurrentGates);
    return bias == null
        ? List.of(kernel, recurrent)
        : List.of(kernel, recurrent, bias.view(kernelGates, recurrentGates));
  }
}
