package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.recurrent.StepProducts.Factor;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One gate of a walk whose gates drop inputs and states of their own: its mask, which is the same
 * at all steps, what is left of the operand, and the products with it.
 */
final class DroppingGate {
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final int number;
  private final int kernelBlock;
  private final int recurrentBlock;
  private final boolean inner;
  private final Steps whole;
  private final Steps left;
  private final StepBlocks places;
  private final List<WeightColumns> columns;
  private final DropMask mask;
  private final Matrix stateGradient;
  private final Matrix inputGradient;
  private final @Nullable Matrix stateTransposed;
  private final @Nullable Matrix kernelTransposed;
  private final Matrix[] from;
  private final Matrix[] to;
  private final Operands[] operands;
  private final Matrix[][] sums;

  /**
   * Takes the memory.
   *
   * @param layer the layer, which drops states
   * @param number the gate's, in Keras's order
   * @param whole the operands to drop of; an inner gate's drops what is left of them in their place
   * @param places where the sums go
   */
  DroppingGate(CpuRecurrent layer, RunContext context, int number, Steps whole, StepBlocks places) {
    this.number = number;
    this.whole = whole;
    this.places = places;
    weights = layer.weights;
    kernels = context.kernels();
    kernelBlock = layer.kind.kernelGates().get(number);
    recurrentBlock = layer.kind.recurrentGates().get(number);
    inner = weights.gates.isInner(kernelBlock);
    columns = weights.columns(kernelBlock, recurrentBlock);
    left =
        inner
            ? whole
            : new Steps(context, "what is left", layer.steps, context.rows(), weights.row);
    mask = new DropMask(context, weights.row, layer.dropout, layer.recurrentDropout);
    stateGradient = context.matrix("gate's state", context.rows(), weights.units).matrix();
    inputGradient = context.matrix("gate's inputs", context.rows(), weights.features).matrix();
    stateTransposed = weights.stateTransposed(recurrentBlock);
    kernelTransposed = weights.kernelTransposed(kernelBlock);
    from = new Matrix[layer.steps];
    to = new Matrix[layer.steps];
    operands = new Operands[layer.steps];
    sums = new Matrix[layer.steps][2];
    look();
  }

  /** Lets steps have so many rows, at most the context's. */
  void layOut(int rows) {
    if (!inner) {
      left.layOut(rows);
    }
    look();
  }

  private void look() {
    for (int t = 0; t < operands.length; t++) {
      from[t] = whole.whole(t);
      to[t] = left.whole(t);
      operands[t] = Operands.of(left, t);
      sums[t][0] = places.at(t, kernelBlock, 1);
      sums[t][1] = places.at(t, recurrentBlock, 1);
    }
  }

  /** Draws what the rows of a pass do without. */
  void draw(Pass pass) {
    mask.draw(pass, number);
  }

  /** Computes the sums of a strip of rows, unless they are inner ones. */
  void sum(int t, int first, int count) {
    if (inner) {
      return;
    }
    drop(t, first, count);
    for (int c = 0; c < columns.size(); c++) { // an iterator would be allocated
      columns.get(c).sum(kernels, first, count, operands[t], sums[t][c]);
    }
  }

  /** Drops what a strip of rows does without. */
  void drop(int t, int first, int count) {
    kernels.elements().multiply(first, count, from[t], mask.whole(), to[t]);
  }

  /** Drops the same of a gradient by what is left of the state. */
  void dropState(int first, int count, Matrix dh) {
    kernels.elements().multiply(first, count, dh, mask.state(), dh);
  }

  /** Adds the gate's part of the gradient by the state, unless its sums are inner ones. */
  void addStateGradient(int first, int count, Matrix dz, Matrix dh) {
    if (inner) {
      return;
    }
    int column = weights.gates.column(recurrentBlock);
    Matrix kernel = RecurrentWeights.back(stateTransposed);
    kernels.gemm(first, count, dz, column, kernel, weights.zeroUnits, stateGradient);
    kernels.elements().multiplyAdd(first, count, stateGradient, mask.state(), dh);
  }

  /** Adds the gate's part of the gradient by the inputs. */
  void addInputGradient(int rows, Matrix dz, Matrix dx) {
    int column = weights.gates.column(kernelBlock);
    Matrix kernel = RecurrentWeights.back(kernelTransposed);
    kernels.gemm(0, rows, dz, column, kernel, weights.zeroFeatures, inputGradient);
    kernels.elements().multiplyAdd(0, rows, inputGradient, mask.inputs(), dx);
  }

  /** Returns what the gate's columns are multiplied by. */
  Factor factor() {
    return new Factor(left, columns);
  }
}
