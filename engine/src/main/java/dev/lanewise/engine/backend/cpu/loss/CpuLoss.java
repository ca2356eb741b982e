package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The loss and metrics of a batch. Shards leave each sample's values here; {@link #addTo} then adds
 * them sample by sample in the batch's order, so that sums depend neither on threads nor on batch
 * sizes.
 */
public final class CpuLoss {
  private final CheckedKernels kernels;

  /** What is applied to the last layer's sums before anyone sees them. */
  private final Activation shown;

  /** What the loss applies for itself to outputs that are logits, and stay so for the user. */
  private final Activation hidden;

  private final RowLoss rule;
  private final RowMetric[] metrics;
  private final boolean[] heedMasks;
  private final int[] places; // of each metric's first cell among a sample's
  private final int cellsOfSample;
  private final double[] losses;
  private final double[] cells;

  public CpuLoss(CheckedKernels kernels, ModelSpec spec, int maximumBatch) {
    this.kernels = kernels;
    LossForm form = spec.lossForm();
    shown = form.takesLogits() ? form.applied() : Activation.LINEAR;
    hidden = form.takesLogits() ? Activation.LINEAR : form.applied();
    rule = RowLoss.of(form);
    int first = spec.graph().outputs().getFirst(); // of several there are no metrics
    int outputs = Math.toIntExact(spec.graph().shapes().get(first).elementCount());
    metrics = new RowMetric[spec.metrics().size()];
    heedMasks = new boolean[metrics.length];
    places = new int[metrics.length];
    int next = 0;
    for (int m = 0; m < metrics.length; m++) {
      Metric metric = spec.metrics().get(m);
      metrics[m] = RowMetric.of(metric, outputs);
      heedMasks[m] = metric.measure().heedsMasks();
      places[m] = next;
      next += metrics[m].cells();
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
  public void compute(Outputs outputs, int firstRow, int rows, Batch batch) {
    Matrix[] values = outputs.values();
    Matrix[] gradients = outputs.gradients();
    @Nullable StepMask mask = outputs.mask();
    BatchRow row = outputs.row();
    long used = (long) batch.wholeSize() * values.length - batch.wholeIdle();
    float scale = mask == null ? 1f / batch.size() / values.length : 1f / used;
    double shares = mask == null ? values.length : (double) used / batch.wholeSize();
    for (int r = 0; r < rows; r++) {
      int i = batch.place(firstRow + r);
      losses[i] = 0;
      Arrays.fill(cells, i * cellsOfSample, (i + 1) * cellsOfSample, 0);
    }
    for (int p = 0; p < values.length; p++) {
      finish(rows, outputs, p);
      row.enter(batch, values[p], gradients[p], p);
      for (int r = 0; r < rows && metrics.length > 0; r++) {
        row.at(r, firstRow + r);
        boolean counts = mask == null || mask.uses(p, r);
        measure(row, counts, batch.place(firstRow + r) * cellsOfSample);
      }
      apply(hidden, rows, outputs, p);
      for (int r = 0; r < rows; r++) {
        row.at(r, firstRow + r);
        if (mask != null && !mask.uses(p, r)) {
          row.clearGradient();
          continue;
        }
        int i = batch.place(firstRow + r);
        float weight = (float) row.weight();
        losses[i] += rule.of(row, scale * weight) * weight / shares;
      }
    }
  }

  private void measure(OutputRow row, boolean counts, int at) {
    for (int m = 0; m < metrics.length; m++) {
      if (counts || !heedMasks[m]) {
        metrics[m].measure(row, cells, at + places[m]);
      }
    }
  }

  /** Leaves a position's outputs as the user sees them in the place of their gradients. */
  public void finish(int rows, Outputs outputs, int position) {
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

  /** Adds the samples of a batch to sums. */
  public void addTo(Totals totals, int samples) {
    for (int i = 0; i < samples; i++) {
      totals.addSample(losses[i]);
      for (int m = 0; m < metrics.length; m++) {
        metrics[m].addTo(totals, m, cells, i * cellsOfSample + places[m]);
      }
    }
  }
}
