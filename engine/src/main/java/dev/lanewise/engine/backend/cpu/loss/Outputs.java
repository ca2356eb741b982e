package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** Where a worker's last layer leaves its outputs, and what the loss goes over them with. */
public final class Outputs {
  private final Matrix[] values;
  private final Matrix[] gradients;
  private final Matrix maxAndSum;
  private final @Nullable StepMask mask;
  private final BatchRow row;
  private final BatchRow shown;
  private final CtcLoss ctc = new CtcLoss();

  /**
   * Looks at them.
   *
   * @param values the last layer's outputs, one matrix a position
   * @param gradients where the loss leaves the gradient by each; none without a backward pass
   * @param mask which positions count, as the last layer has it; null where all do
   * @param maxAndSum room for each row's maximum and sum of a softmax that is left to the loss
   */
  public Outputs(Matrix[] values, Matrix[] gradients, @Nullable StepMask mask, Matrix maxAndSum) {
    this.values = values;
    this.gradients = gradients;
    this.mask = mask;
    this.maxAndSum = maxAndSum;
    row = new BatchRow(maxAndSum, maxAndSum);
    shown = new BatchRow(maxAndSum, null);
  }

  /** Returns the last layer's outputs, one matrix a position. */
  public Matrix[] values() {
    return values;
  }

  /** Returns where the loss leaves the gradient by each. */
  public Matrix[] gradients() {
    return gradients;
  }

  /** Returns which positions of the rows at hand count; null where all do. */
  public @Nullable StepMask mask() {
    return mask;
  }

  /** Returns where a softmax leaves each row's maximum and sum. */
  Matrix maxAndSum() {
    return maxAndSum;
  }

  /** Returns what the loss moves along the outputs. */
  BatchRow row() {
    return row;
  }

  /** Returns what goes over whole sequences; it has no room before it is asked for. */
  CtcLoss ctc() {
    return ctc;
  }

  /** Returns what metrics move along them, of which nothing is seen but what the user sees. */
  BatchRow shown() {
    return shown;
  }
}
