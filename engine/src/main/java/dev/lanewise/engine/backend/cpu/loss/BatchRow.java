package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A row of the batch at hand. One object a worker moves from row to row, so that a step allocates
 * nothing.
 */
final class BatchRow implements OutputRow {
  private static final Batch NONE = new Batch(0, null);

  private final Matrix maxAndSum;
  private Batch batch = NONE;
  private Matrix sums;
  private Matrix outputs;
  private int row;
  private int sample;
  private int position;

  /**
   * Creates a row that is nowhere yet.
   *
   * @param maxAndSum where a softmax leaves each row's maximum and sum
   */
  BatchRow(Matrix maxAndSum) {
    this.maxAndSum = maxAndSum;
    sums = maxAndSum;
    outputs = maxAndSum;
  }

  /**
   * Moves to the outputs of a step.
   *
   * @param last what the last layer gave: sums, where it leaves its activation to the loss
   * @param finished the outputs as the user sees them; takes the gradient
   * @param step which of the sample's steps, 0 for models without sequence output
   */
  void enter(Batch current, Matrix last, Matrix finished, int step) {
    batch = current;
    sums = last;
    outputs = finished;
    position = step;
  }

  /**
   * Moves to a row.
   *
   * @param index the row in the matrices
   * @param batchRow the same in the batch
   */
  void at(int index, int batchRow) {
    row = index;
    sample = batch.sample(batchRow);
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
    return maxAndSum.get(row, 0);
  }

  @Override
  public double softmaxSum() {
    return maxAndSum.get(row, 1);
  }

  @Override
  public double target(int unit) {
    Dataset data = batch.data();
    if (!data.hasLabels()) {
      return data.target(sample, position * units() + unit);
    }
    int label = data.label(sample, position);
    return units() == 1 ? label : oneHot(label, unit);
  }

  @Override
  public double classTarget(int unit) {
    Dataset data = batch.data();
    return data.hasLabels()
        ? oneHot(data.label(sample, position), unit)
        : data.target(sample, position * units() + unit);
  }

  private static float oneHot(int label, int unit) {
    return label == unit ? 1 : 0;
  }

  @Override
  public int targetClass() {
    Dataset data = batch.data();
    if (data.hasLabels()) {
      return data.label(sample, position);
    }
    int best = 0;
    int first = position * units();
    for (int unit = 1; unit < units(); unit++) {
      if (data.target(sample, first + unit) > data.target(sample, first + best)) {
        best = unit;
      }
    }
    return best;
  }

  @Override
  public double weight() {
    return batch.data().sampleWeight(sample, position);
  }
}
