package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.weights.RightOperand;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Panels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The products of a walk whose gates all sum the same inputs and states, so that those side by side
 * are one product.
 */
final class JointProducts implements StepProducts {
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final @Nullable Steps steps;
  private final @Nullable Steps inner;
  private final @Nullable RightOperand stateTransposed;
  private final @Nullable RightOperand innerTransposed;
  private final @Nullable RightOperand kernelTransposed;

  /**
   * Takes the memory of the inner sums' operands.
   *
   * @param count the number of steps
   * @param rows the most rows of a step
   * @param steps the walk's own inputs and states; absent without a way back
   */
  JointProducts(
      RecurrentWeights weights, RunContext context, int count, int rows, @Nullable Steps steps) {
    this.weights = weights;
    this.steps = steps;
    kernels = context.kernels();
    stateTransposed = weights.stateTransposed();
    innerTransposed = weights.stateTransposed(weights.gates.blocks() - 1);
    kernelTransposed = weights.kernelTransposed();
    boolean begun = steps != null && steps.hasState(0);
    inner =
        weights.inner == null
            ? null
            : new Steps(context, "inner steps", count, rows, weights.row, begun);
  }

  @Override
  public void layOut(int rows) {
    if (inner != null) {
      inner.layOut(rows);
    }
  }

  @Override
  public @Nullable Steps inner() {
    return inner;
  }

  @Override
  public void sum(int t, int first, int count, Operands of, GateSums sums) {
    if (weights.inputOnly != null && sums.inputOnly() != null) {
      weights.inputOnly.sum(kernels, first, count, of, sums.inputOnly());
    }
    weights.both.sum(kernels, first, count, of, sums.both());
    if (weights.stateOnly != null && sums.stateOnly() != null) {
      weights.stateOnly.sum(kernels, first, count, of, sums.stateOnly());
    }
  }

  /** Computes the inputs' part of all sums of some steps' rows, the inner ones too. */
  void sumInputs(int rows, Operands inputs, GateSums sums) {
    sum(0, 0, rows, inputs, sums);
    if (sums.inner() != null) {
      sumInner(0, 0, rows, inputs, sums.inner());
    }
  }

  @Override
  public void sumInner(int t, int first, int count, Operands of, Matrix sums) {
    if (weights.inner != null) {
      weights.inner.sum(kernels, first, count, of, sums);
    }
  }

  @Override
  public void stateGradient(int first, int count, Matrix dz, Matrix start, Matrix dh) {
    int column = weights.both.column();
    RecurrentWeights.back(stateTransposed).multiply(kernels, first, count, dz, column, start, dh);
  }

  @Override
  public void innerGradient(int first, int count, Matrix dz, Matrix dh) {
    RecurrentWeights.back(innerTransposed)
        .multiply(kernels, first, count, dz, 0, weights.zeroUnits, dh);
  }

  @Override
  public void inputGradient(int first, int count, Matrix dz, Matrix start, Matrix dx) {
    RecurrentWeights.back(kernelTransposed).multiply(kernels, first, count, dz, 0, start, dx);
  }

  @Override
  public List<Factor> factors() {
    if (steps == null) {
      throw new IllegalStateException("backward: the walk was made without a backward pass");
    }
    List<Factor> factors = new ArrayList<>();
    factors.add(new StepsFactor(steps, weights.outerColumns()));
    if (inner != null && weights.inner != null) {
      factors.add(new StepsFactor(inner, List.of(weights.inner)));
    }
    return factors;
  }

  /** Adds what rows without inputs give to the recurrent kernel's gradient alone. */
  void addRecurrentGradients(int depth, Matrix h, Matrix dz, @Nullable Panels packed, int shard) {
    weights.both.addRecurrentGradient(kernels, depth, h, dz, packed, shard);
    if (weights.stateOnly != null) {
      weights.stateOnly.addRecurrentGradient(kernels, depth, h, dz, packed, shard);
    }
  }
}
