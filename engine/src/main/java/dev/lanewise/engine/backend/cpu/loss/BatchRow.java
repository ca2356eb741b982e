package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of the batch at hand. One object a worker moves from row to row, so that a step allocates
 * nothing.
 */
final class BatchRow implements OutputRow, RowGradient {
  private final @Nullable Matrix maxAndSum;
  private @Nullable Batch batch;
  private @Nullable Targets targets;
  private Matrix sums;
  private Matrix outputs;
  private int row;
  private int sample;
  private int position;
  private int targetStep;

  /**
   * Creates a row that is nowhere yet.
   *
   * @param any what it looks at until then
   * @param maxAndSum where a softmax leaves each row's maximum and sum; null if nothing takes one
   *     before they are asked for
   */
  BatchRow(Matrix any, @Nullable Matrix maxAndSum) {
    this.maxAndSum = maxAndSum;
    sums = any;
    outputs = any;
  }

  /**
   * Moves to the outputs of a step.
   *
   * @param output which of the model's outputs they are of
   * @param last what the last layer gave: sums, where it leaves its activation to the loss
   * @param finished the outputs as the user sees them; takes the gradient
   * @param step which of the steps at hand, 0 for models without sequence output
   */
  void enter(Batch current, int output, Matrix last, Matrix finished, int step) {
    batch = current;
    targets = current.data().targets(output);
    sums = last;
    outputs = finished;
    position = current.judgedBefore() + step;
    targetStep = current.window().first() + step;
  }

  /**
   * Moves to a row.
   *
   * @param index the row in the matrices
   * @param batchRow the same in the batch
   */
  void at(int index, int batchRow) {
    row = index;
    Batch current = Objects.requireNonNull(batch, "a batch has been entered");
    sample = current.data().firstSample() + current.sample(batchRow);
  }

  @Override
  public int units() {
    return outputs.columns();
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public double sum(int unit) {
    return sums.get(row, unit);
  }

  @Override
  public double output(int unit) {
    return outputs.get(row, unit);
  }

  /** Puts the gradient in the place of an output. */
  @Override
  public void setGradient(int unit, float value) {
    outputs.set(row, unit, value);
  }

  /** Leaves no gradient by the row's outputs. */
  void clearGradient() {
    for (int unit = 0; unit < units(); unit++) {
      setGradient(unit, 0);
    }
  }

  @Override
  public double softmaxMaximum() {
    if (maxAndSum != null) {
      return maxAndSum.get(row, 0);
    }
    double max = Double.NEGATIVE_INFINITY;
    for (int unit = 0; unit < units(); unit++) {
      max = Math.max(max, sum(unit));
    }
    return max;
  }

  @Override
  public double softmaxSum() {
    if (maxAndSum != null) {
      return maxAndSum.get(row, 1);
    }
    double max = softmaxMaximum();
    double total = 0;
    for (int unit = 0; unit < units(); unit++) {
      total += StrictMath.exp(sum(unit) - max);
    }
    return total;
  }

  private Targets targets() {
    return Objects.requireNonNull(targets, "a batch has been entered");
  }

  @Override
  public double target(int unit) {
    Targets own = targets();
    if (!own.areLabels()) {
      return own.value(sample, targetStep * units() + unit);
    }
    int label = own.label(sample, targetStep);
    return units() == 1 ? label : oneHot(label, unit);
  }

  @Override
  public double classTarget(int unit) {
    Targets own = targets();
    return own.areLabels()
        ? oneHot(own.label(sample, targetStep), unit)
        : own.value(sample, targetStep * units() + unit);
  }

  private static float oneHot(int label, int unit) {
    return label == unit ? 1 : 0;
  }

  @Override
  public int targetClass() {
    Targets own = targets();
    if (own.areLabels()) {
      return own.label(sample, targetStep);
    }
    int best = 0;
    int first = targetStep * units();
    for (int unit = 1; unit < units(); unit++) {
      if (own.value(sample, first + unit) > own.value(sample, first + best)) {
        best = unit;
      }
    }
    return best;
  }

  @Override
  public double weight() {
    return targets().weight(sample, targetStep);
  }
}
