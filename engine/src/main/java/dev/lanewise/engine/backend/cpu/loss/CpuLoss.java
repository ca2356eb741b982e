package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.OutputSpec;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The loss and metrics of a batch at one of the model's outputs. Shards leave each sample's values
 * here; {@link #addTo} then adds them sample by sample in the batch's order, so that sums depend
 * neither on threads nor on batch sizes.
 */
final class CpuLoss {
  private final CheckedKernels kernels;

  /** What is applied to the last layer's sums before anyone sees them. */
  private final Activation shown;

  /** What the loss applies for itself to outputs that are logits, and stay so for the user. */
  private final Activation hidden;

  /** Null where the loss is of whole sequences, of {@link CtcLoss}. */
  private final @Nullable RowLoss rule;

  private final int output;
  private final double weight; // of the loss among those of other outputs

  /** The first of the output's metrics among the model's; before it stands the loss, if told. */
  private final int firstMetric;

  private final boolean told;
  private final Judge[] metrics;
  private final int cellsOfSample;
  private final double[] losses;
  private final double[] cells;

  /**
   * Makes room.
   *
   * @param output which of the model's outputs
   * @param first the first of what the model reports of it among all that it reports
   */
  CpuLoss(CheckedKernels kernels, ModelSpec spec, int output, int first, int maximumBatch) {
    this.kernels = kernels;
    this.output = output;
    OutputSpec judged = spec.outputs().get(output);
    weight = judged.weight();
    told = spec.outputs().size() > 1;
    firstMetric = first + (told ? 1 : 0);
    LossForm form = spec.lossForm(output);
    shown = form.takesLogits() ? form.applied() : Activation.LINEAR;
    hidden = form.takesLogits() ? Activation.LINEAR : form.applied();
    rule = form instanceof LossForm.SoftmaxCtc ? null : RowLoss.of(form);
    metrics = new Judge[judged.metrics().size()];
    int next = 0;
    for (int m = 0; m < metrics.length; m++) {
      metrics[m] = Judge.of(judged.metrics().get(m), spec, output, next);
      next += metrics[m].rule().cells();
    }
    cellsOfSample = next;
    losses = new double[maximumBatch];
    cells = new double[Math.multiplyExact(maximumBatch, cellsOfSample)];
  }

  /**
   * Computes a shard's losses, metrics and gradients by the outputs. Under a mask, the loss of a
   * batch is the mean over the steps that count in all of it, and counts for as many samples as the
   * batch has, as in Keras; so each sample has its share of that.
   *
   * @param outputs the outputs, and where their gradients go
   * @param firstRow the shard's first row in the batch
   * @param rows its rows
   */
  void compute(Outputs outputs, int firstRow, int rows, Batch batch) {
    if (rule == null) {
      computeSequences(outputs, firstRow, rows, batch);
    } else {
      computeRows(rule, outputs, firstRow, rows, batch);
    }
  }

  private void computeSequences(Outputs outputs, int firstRow, int rows, Batch batch) {
    Matrix[] values = outputs.values();
    CtcLoss ctc = outputs.ctc();
    ctc.begin(values.length, rows, values[0].columns());
    for (int p = 0; p < values.length; p++) {
      apply(hidden, rows, outputs, p);
      for (int r = 0; r < rows; r++) {
        ctc.take(p, rows, r, outputs.maxAndSum());
      }
    }
    Targets targets = batch.data().targets(output);
    float scale = 1f / batch.size();
    for (int r = 0; r < rows; r++) {
      int sample = batch.data().firstSample() + batch.sample(firstRow + r);
      float counts = targets.weight(sample, 0);
      float scaled = scale * counts * (float) weight;
      losses[batch.place(firstRow + r)] =
          ctc.of(outputs, rows, r, targets, sample, scaled) * counts;
    }
  }

  private void computeRows(RowLoss rule, Outputs outputs, int firstRow, int rows, Batch batch) {
    Matrix[] values = outputs.values();
    Matrix[] gradients = outputs.gradients();
    @Nullable StepMask mask = outputs.mask();
    BatchRow row = outputs.row();
    BatchRow shownRow = outputs.shown();
    int positions = batch.judgedPositions(values.length);
    long used = (long) batch.wholeSize() * positions - batch.wholeMasked(output);
    float scale = mask == null ? 1f / batch.size() / positions : 1f / used;
    double shares = mask == null ? positions : (double) used / batch.wholeSize();
    for (int r = 0; r < rows && batch.judgedBefore() == 0; r++) {
      int i = batch.place(firstRow + r);
      losses[i] = 0;
      Arrays.fill(cells, i * cellsOfSample, (i + 1) * cellsOfSample, 0);
    }
    for (int p = 0; p < values.length; p++) {
      finish(rows, outputs, p);
      row.enter(batch, output, values[p], gradients[p], p);
      shownRow.enter(batch, output, gradients[p], gradients[p], p);
      for (int r = 0; r < rows && metrics.length > 0; r++) {
        row.at(r, firstRow + r);
        shownRow.at(r, firstRow + r);
        boolean counts = mask == null || mask.uses(p, r);
        measure(row, shownRow, counts, batch.place(firstRow + r) * cellsOfSample);
      }
      apply(hidden, rows, outputs, p);
      for (int r = 0; r < rows; r++) {
        row.at(r, firstRow + r);
        if (mask != null && !mask.uses(p, r)) {
          row.clearGradient();
          continue;
        }
        int i = batch.place(firstRow + r);
        float counts = (float) row.weight();
        losses[i] += rule.of(row, row, scale * counts * (float) weight) * counts / shares;
      }
    }
  }

  private void measure(OutputRow row, OutputRow shownRow, boolean counts, int at) {
    for (Judge metric : metrics) {
      if (counts || !metric.heedsMasks()) {
        metric.rule().measure(metric.ofSums() ? row : shownRow, cells, at + metric.place());
      }
    }
  }

  /** Leaves a position's outputs as the user sees them in the place of their gradients. */
  void finish(int rows, Outputs outputs, int position) {
    if (shown == Activation.LINEAR) {
      kernels.copy(rows, outputs.values()[position], outputs.gradients()[position]);
    } else {
      apply(shown, rows, outputs, position);
    }
  }

  /** Leaves a function of the outputs in the place of their gradients; of none, what is there. */
  private void apply(Activation function, int rows, Outputs outputs, int position) {
    Matrix values = outputs.values()[position];
    Matrix target = outputs.gradients()[position];
    if (function == Activation.SOFTMAX) {
      kernels.elements().softmax(rows, values, target, outputs.maxAndSum());
    } else if (function == Activation.SIGMOID) {
      kernels.copy(rows, values, target);
      kernels.elements().activation(0, rows, target, Elementwise.SIGMOID);
    }
  }

  /** Returns how many numbers a sample leaves here. */
  int numbersOfSample() {
    return 1 + cellsOfSample;
  }

  /** Copies what a sample has left. */
  void read(int sample, double[] target, int at) {
    target[at] = losses[sample];
    System.arraycopy(cells, sample * cellsOfSample, target, at + 1, cellsOfSample);
  }

  /** Sets what a sample leaves. */
  void write(int sample, double[] source, int at) {
    losses[sample] = source[at];
    System.arraycopy(source, at + 1, cells, sample * cellsOfSample, cellsOfSample);
  }

  /**
   * Adds a sample's metrics to sums.
   *
   * @param sample its place in the batch
   * @return its part of the model's loss
   */
  double addTo(Totals totals, int sample) {
    if (told) {
      totals.addTo(firstMetric - 1, 0, losses[sample]);
      totals.addTo(firstMetric - 1, 1, 1);
    }
    for (int m = 0; m < metrics.length; m++) {
      int at = sample * cellsOfSample + metrics[m].place();
      metrics[m].rule().addTo(totals, firstMetric + m, cells, at);
    }
    return losses[sample] * weight;
  }
}
