package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.batch.Batch;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.ActivityRegularization;

/**
 * The losses of a model's outputs, one each, whose sum by their weights is the model's, with what
 * layers add for what they have made of a sample.
 */
public final class CpuLosses {
  private final CpuLoss[] each;

  /** Of each sample of a batch; none where no layer adds anything. */
  private final double[] penalties;

  /** Makes room for batches of so many samples. */
  public CpuLosses(CheckedKernels kernels, ModelSpec spec, int maximumBatch) {
    each = new CpuLoss[spec.outputs().size()];
    int told = each.length > 1 ? 1 : 0;
    int first = 0;
    for (int o = 0; o < each.length; o++) {
      each[o] = new CpuLoss(kernels, spec, o, first, maximumBatch);
      first += told + spec.outputs().get(o).metrics().size();
    }
    boolean penalized = spec.layers().stream().anyMatch(ActivityRegularization::isOf);
    penalties = new double[penalized ? maximumBatch : 0];
  }

  /**
   * Computes a shard's losses, metrics and gradients by the outputs.
   *
   * @param outputs the outputs, and where their gradients go
   * @param firstRow the shard's first row in the batch
   * @param rows its rows
   */
  public void compute(Outputs[] outputs, int firstRow, int rows, Batch batch) {
    for (int o = 0; o < each.length; o++) {
      each[o].compute(outputs[o], firstRow, rows, batch);
    }
  }

  /** Sets what layers add to the loss of a sample, which is told by its place in the batch. */
  public void penalize(int sample, double penalty) {
    penalties[sample] = penalty;
  }

  /**
   * Leaves a position of an output as the user sees it in the place of its gradient.
   *
   * @param output which of the outputs
   */
  public void finish(int rows, Outputs outputs, int output, int position) {
    each[output].finish(rows, outputs, position);
  }

  /** Returns how many numbers a sample of a batch leaves for {@link #addTo}. */
  public int numbersOfSample() {
    int numbers = Math.min(penalties.length, 1);
    for (CpuLoss loss : each) {
      numbers += loss.numbersOfSample();
    }
    return numbers;
  }

  /** Copies what a sample has left, from an index on; the sample is one's place in the batch. */
  public void read(int sample, double[] target, int at) {
    int next = at;
    for (CpuLoss loss : each) {
      loss.read(sample, target, next);
      next += loss.numbersOfSample();
    }
    if (penalties.length > 0) {
      target[next] = penalties[sample];
    }
  }

  /** Sets what a sample leaves; otherwise as {@link #read}. */
  public void write(int sample, double[] source, int at) {
    int next = at;
    for (CpuLoss loss : each) {
      loss.write(sample, source, next);
      next += loss.numbersOfSample();
    }
    if (penalties.length > 0) {
      penalties[sample] = source[next];
    }
  }

  /** Adds the samples of a batch to sums: sample by sample, so that no batch size shows in them. */
  public void addTo(Totals totals, int samples) {
    for (int i = 0; i < samples; i++) {
      double loss = penalties.length > 0 ? penalties[i] : 0;
      for (int o = 0; o < each.length; o++) {
        loss += each[o].addTo(totals, i);
      }
      totals.addSample(loss);
    }
  }
}
