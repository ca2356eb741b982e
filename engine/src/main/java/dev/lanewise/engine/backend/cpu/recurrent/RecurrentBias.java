package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * The bias of a recurrent layer: one row, or two, one that is added to what the inputs give and one
 * to what the state gives. Where a gate sums both, so that it would add two biases, it begins with
 * their sum.
 */
final class RecurrentBias {
  private final GateLayout gates;
  private final CpuParameter parameter;
  private final Matrix start;
  private final Matrix inputZeros;
  private final Matrix stateZeros;
  private final Matrix[] inputGradients;
  private final Matrix[] stateGradients;
  private final int stateColumn;

  /**
   * Takes the memory.
   *
   * @param rows 1 or 2
   */
  RecurrentBias(LayerContext context, GateLayout gates, int rows) {
    this.gates = gates;
    int columns = gates.columns();
    parameter = context.parameter("bias", rows, columns);
    start = rows == 1 ? parameter.matrix() : parameter.rowSum();
    int inputWidth = gates.width(gates.blocks() - gates.stateOnly());
    stateColumn = gates.column(gates.inputOnly());
    int stateWidth = gates.width(gates.blocks() - gates.inputOnly());
    inputGradients = parameter.shardGradients(0, 1, 0, inputWidth);
    stateGradients =
        rows == 1 ? new Matrix[0] : parameter.shardGradients(1, 1, stateColumn, stateWidth);
    inputZeros = context.zeroRow(inputWidth);
    stateZeros = context.zeroRow(stateWidth);
  }

  /** Returns what the sums begin with, [1, columns]. */
  Matrix start() {
    return start;
  }

  void beginGradient(CheckedKernels kernels, int shard) {
    kernels.fill(1, inputZeros, inputGradients[shard]);
    if (stateGradients.length > 0) {
      kernels.fill(1, stateZeros, stateGradients[shard]);
    }
  }

  void addGradient(CheckedKernels kernels, int first, int depth, Matrix dz, int shard) {
    kernels.columnSums(first, depth, dz, 0, inputGradients[shard]);
    if (stateGradients.length > 0) {
      kernels.columnSums(first, depth, dz, stateColumn, stateGradients[shard]);
    }
  }

  CpuParameter parameter() {
    return parameter;
  }

  /** Returns where Keras's array lies; see {@link RecurrentWeights#views}. */
  ParameterView view(List<Integer> kernelGates, List<Integer> recurrentGates) {
    ParameterView inputs = gates.view(parameter, 0, 1, kernelGates);
    return parameter.rows() == 1
        ? inputs
        : inputs.above(gates.view(parameter, 1, 1, recurrentGates));
  }
}
