package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.RightOperand;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Halves;
import dev.lanewise.engine.kernel.Panels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring gates of {@link RecurrentWeights} that sum the same: their columns of everything.
 */
final class WeightColumns {
  private final boolean sumInputs;
  private final boolean sumStates;
  private final int column;
  private final int operandColumn;
  private final Matrix start;
  private final Matrix zeros;
  private final @Nullable Halves halves;
  private final int features;
  private final RightOperand joined;
  private final RightOperand kernel;
  private final RightOperand recurrentKernel;
  private final Matrix[] gradients;
  private final Matrix[] recurrentGradients;

  /**
   * Looks at the columns.
   *
   * @param weights [kernel; recurrent kernel]
   * @param halves these columns in bfloat16, which products of one row read; absent where they read
   *     the weights themselves
   * @param features the rows of the kernel
   * @param column the first column
   * @param start what the sums begin with, as wide as there are columns
   * @param zeros a row as wide
   * @param firstRow the first row of [kernel; recurrent kernel] that has weights here
   * @param rows how many have
   */
  WeightColumns(
      CpuParameter weights,
      @Nullable Halves halves,
      int features,
      int column,
      Matrix start,
      Matrix zeros,
      int firstRow,
      int rows) {
    this.halves = halves;
    this.features = features;
    this.column = column;
    this.start = start;
    this.zeros = zeros;
    operandColumn = firstRow;
    sumInputs = firstRow < features;
    sumStates = firstRow + rows > features;
    int units = weights.rows() - features;
    int width = start.columns();
    gradients = weights.shardGradients(firstRow, rows, column, width);
    joined = weights.operand(0, weights.rows(), column, width);
    kernel = weights.operand(0, features, column, width);
    recurrentKernel = weights.operand(features, units, column, width);
    recurrentGradients = weights.shardGradients(features, units, column, width);
  }

  /** Returns the first column. */
  int column() {
    return column;
  }

  /** Computes the sums of some rows. */
  void sum(CheckedKernels kernels, int first, int count, Operands of, Matrix sums) {
    Matrix from = of.begun() ? sums : start;
    if (sumInputs && sumStates && of.joined() != null) {
      product(kernels, first, count, of.joined(), 0, joined, from, sums);
    } else if (sumInputs && of.inputs() != null) {
      product(kernels, first, count, of.inputs(), 0, kernel, from, sums);
    } else if (sumStates && of.state() != null) {
      product(kernels, first, count, of.state(), features, recurrentKernel, from, sums);
    } else if (!of.begun()) {
      kernels.start(first, count, start, sums);
    }
  }

  /** Adds rows times some of the weights, from row {@code row} on, to what sums begin with. */
  private void product(
      CheckedKernels kernels,
      int first,
      int count,
      Matrix a,
      int row,
      RightOperand b,
      Matrix from,
      Matrix sums) {
    if (halves != null && count == 1) {
      kernels.rowTimesHalves(first, a, halves, row, b.rows(), from, sums);
    } else {
      b.multiply(kernels, first, count, a, 0, from, sums);
    }
  }

  /**
   * Adds what {@code depth} rows from row {@code first} on give to a shard's gradient.
   *
   * @param operand [x | h], what the sums are sums of
   * @param dz the gradients by all sums
   * @param packed room for {@code depth} rows of the gradients by these sums; absent where products
   *     want none
   * @param begins whether nothing was added before
   */
  void addGradient(
      CheckedKernels kernels,
      int first,
      int depth,
      Matrix operand,
      Matrix dz,
      @Nullable Panels packed,
      boolean begins,
      int shard) {
    Matrix gradient = gradients[shard];
    Matrix from = begins ? zeros : gradient;
    add(kernels, first, depth, operand, operandColumn, dz, packed, from, gradient);
  }

  private void add(
      CheckedKernels kernels,
      int first,
      int depth,
      Matrix operand,
      int operandFirst,
      Matrix dz,
      @Nullable Panels packed,
      Matrix from,
      Matrix gradient) {
    if (packed == null) {
      kernels.gemmTransposedA(first, depth, operand, operandFirst, dz, column, from, gradient);
    } else {
      kernels.pack(depth, dz, first, column, gradient.columns(), packed, 0);
      kernels.gemmTransposedA(first, depth, operand, operandFirst, packed, from, gradient);
    }
  }

  /** Begins a shard's gradient with zeros, which may stay all that there is. */
  void clearGradient(CheckedKernels kernels, int shard) {
    kernels.start(gradients[shard].rows(), zeros, gradients[shard]);
  }

  /** Adds what {@code depth} rows without inputs give to a shard's gradient, as the other. */
  void addRecurrentGradient(
      CheckedKernels kernels, int depth, Matrix h, Matrix dz, @Nullable Panels packed, int shard) {
    Matrix gradient = recurrentGradients[shard];
    add(kernels, 0, depth, h, 0, dz, packed, gradient, gradient);
  }
}
