package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.weights.RightOperand;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One gate of a walk whose gates drop inputs and states of their own: its mask, which is the same
 * at all steps, and the products with what is left.
 */
final class DroppingGate implements Factor {
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final int number;
  private final int kernelBlock;
  private final int recurrentBlock;
  private final LeftOperand left;
  private final StepBlocks places;
  private final List<WeightColumns> columns;
  private final DropMask mask;
  private final Matrix stateGradient;
  private final Matrix inputGradient;
  private final @Nullable RightOperand stateTransposed;
  private final @Nullable RightOperand kernelTransposed;
  private final Matrix[][] sums;

  /**
   * Takes the memory.
   *
   * @param layer the layer, which drops states
   * @param number the gate's, in Keras's order
   * @param left makes what is left of the operands
   * @param places where the sums go
   */
  DroppingGate(
      CpuRecurrent layer, RunContext context, int number, LeftOperand left, StepBlocks places) {
    this.number = number;
    this.left = left;
    this.places = places;
    weights = layer.weights;
    kernels = context.kernels();
    kernelBlock = layer.kind.kernelGates().get(number);
    recurrentBlock = layer.kind.recurrentGates().get(number);
    columns = weights.columns(kernelBlock, recurrentBlock);
    mask = new DropMask(context, weights.row, layer.dropout, layer.recurrentDropout);
    stateGradient = context.matrix("gate's state", context.rows(), weights.units).matrix();
    inputGradient = context.matrix("gate's inputs", context.rows(), weights.features).matrix();
    stateTransposed = weights.stateTransposed(recurrentBlock);
    kernelTransposed = weights.kernelTransposed(kernelBlock);
    sums = new Matrix[layer.steps][columns.size()];
    look();
  }

  /** Looks anew at where the sums go. */
  void look() {
    for (int t = 0; t < sums.length; t++) {
      sums[t][0] = places.at(t, kernelBlock, 1);
      if (columns.size() > 1) {
        sums[t][1] = places.at(t, recurrentBlock, 1);
      }
    }
  }

  /** Draws what the rows of a pass do without. */
  void draw(Pass pass) {
    mask.draw(pass, number);
  }

  /** Computes the sums of a strip of rows. */
  void sum(int t, int first, int count) {
    Operands operands = left.ofStep(t, first, count, mask);
    for (int c = 0; c < columns.size(); c++) { // an iterator would be allocated
      columns.get(c).sum(kernels, first, count, operands, sums[t][c]);
    }
  }

  /** Drops what a strip of rows of an operand does without, which stays as it then is. */
  void drop(int first, int count, Matrix whole) {
    kernels.elements().multiply(first, count, whole, mask.whole(), whole);
  }

  /** Drops the same of a gradient by what is left of the state. */
  void dropState(int first, int count, Matrix dh) {
    kernels.elements().multiply(first, count, dh, mask.state(), dh);
  }

  /** Adds the gate's part of the gradient by the state. */
  void addStateGradient(int first, int count, Matrix dz, Matrix dh) {
    int column = weights.gates.column(recurrentBlock);
    RecurrentWeights.back(stateTransposed)
        .multiply(kernels, first, count, dz, column, weights.zeroUnits, stateGradient);
    kernels.elements().multiplyAdd(first, count, stateGradient, mask.state(), dh);
  }

  /** Adds the gate's part of the gradient by the inputs. */
  void addInputGradient(int first, int count, Matrix dz, Matrix dx) {
    int column = weights.gates.column(kernelBlock);
    RecurrentWeights.back(kernelTransposed)
        .multiply(kernels, first, count, dz, column, weights.zeroFeatures, inputGradient);
    kernels.elements().multiplyAdd(first, count, inputGradient, mask.inputs(), dx);
  }

  @Override
  public List<WeightColumns> columns() {
    return columns;
  }

  @Override
  public void layOut(StepGroups groups) {} // what is left is laid out for all gates

  @Override
  public Matrix ofGroup(int group) {
    return left.ofGroup(group, mask);
  }

  @Override
  public Matrix ofStep(int t, int first, int count) {
    left.ofStep(t, first, count, mask);
    return left.joined();
  }

  @Override
  public void clear(int t, int first, int count) {
    left.clear(t, first, count);
  }
}
