package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A batch normalization at work: y = x * factor + shift, two rows for all, or two for each place
 * along another axis than the last, whose elements are alike. Back, with s = sigma, n = (x - mean)
 * / s and means over the batch: dx = gamma / s * (dy - mean(dy) - n * mean(dy n)), which is of the
 * form dy * factor + x * slope + offset; gamma's gradient is the sum of dy n.
 */
final class BatchNormalizationRun implements MeetingLayer.Run {
  private final CpuBatchNormalization layer;
  private final CheckedKernels kernels;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final AxisPlaces places;
  private final PlacedRows factor;
  private final PlacedRows shift;
  private final PlacedRows slope;
  private final PlacedRows offset;

  // Arrays, which compilers make vectors of where elements are doubles.
  private final float[] x;
  private final float[] dy;

  BatchNormalizationRun(CpuBatchNormalization layer, RunContext context, Signals signals) {
    this.layer = layer;
    kernels = context.kernels();
    mask = signals.mask();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", signals.positions(), signals.width());
    outputGradients = context.gradientSignals(signals.positions(), signals.width());
    places = layer.places;
    factor = new PlacedRows("factors", places, context, signals.width());
    shift = new PlacedRows("shifts", places, context, signals.width());
    slope = new PlacedRows("slopes", places, context, signals.width());
    offset = new PlacedRows("offsets", places, context, signals.width());
    x = new float[signals.width()];
    dy = new float[signals.width()];
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
  }

  @Override
  public Matrix[] inputs() {
    return inputs;
  }

  @Override
  public Matrix[] outputs() {
    return outputs;
  }

  @Override
  public @Nullable StepMask mask() {
    return mask;
  }

  @Override
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public void measure(Pass pass) {
    layer.ofShards[pass.shardOfBatch()].measure(pass.rows(), inputs, places, mask, x);
  }

  @Override
  public void forward(Pass pass) {
    boolean ofBatch = layer.meets() && pass.training();
    for (int c = 0; c < layer.cells; c++) {
      int feature = layer.feature(c);
      double mean = ofBatch ? layer.ofBatch.mean[c] : layer.movingMean.get(0, feature);
      double inverse = inverse(c, ofBatch);
      double stretch = layer.gamma(feature) * inverse;
      factor.set(c, (float) stretch);
      double begin = layer.beta == null ? 0 : layer.beta.get(0, feature);
      shift.set(c, (float) (begin - mean * stretch));
    }
    for (int p = 0; p < outputs.length; p++) {
      kernels.fill(pass.rows(), shift.at(p), outputs[p]);
      kernels.elements().multiplyAdd(0, pass.rows(), inputs[p], factor.at(p), outputs[p]);
    }
  }

  /** Returns 1 / sigma. */
  private double inverse(int cell, boolean ofBatch) {
    double variance =
        ofBatch ? layer.ofBatch.variance(cell) : layer.movingVariance.get(0, layer.feature(cell));
    return 1 / Math.sqrt(variance + layer.epsilon);
  }

  @Override
  public void measureBack(Pass pass) {
    double[] sums = layer.upstream[pass.shardOfBatch()];
    double[] stretched = layer.upstreamStretched[pass.shardOfBatch()];
    Arrays.fill(sums, 0);
    Arrays.fill(stretched, 0);
    int apart = places.apart();
    for (int p = 0; p < outputGradients.length; p++) {
      int first = places.first(p);
      for (int r = 0; r < pass.rows(); r++) {
        outputGradients[p].copyRow(r, dy);
        inputs[p].copyRow(r, x);
        if (apart == 1) {
          addBack(sums, stretched, first);
        } else {
          addBackTogether(sums, stretched, first);
        }
      }
    }
    for (int c = 0; c < layer.cells; c++) {
      stretched[c] *= inverse(c, true);
    }
    leaveGradients(layer.gammaGradients, pass.shard(), stretched);
    leaveGradients(layer.betaGradients, pass.shard(), sums);
  }

  private void addBack(double[] sums, double[] stretched, int first) {
    double[] mean = layer.ofBatch.mean;
    for (int c = 0; c < dy.length; c++) {
      sums[first + c] += dy[c];
      stretched[first + c] += dy[c] * (x[c] - mean[first + c]);
    }
  }

  private void addBackTogether(double[] sums, double[] stretched, int first) {
    double mean = layer.ofBatch.mean[first];
    for (int c = 0; c < dy.length; c++) {
      sums[first] += dy[c];
      stretched[first] += dy[c] * (x[c] - mean);
    }
  }

  /** A weight's gradient is the sum over all steps that are batches of their own. */
  private void leaveGradients(Matrix[] gradients, int shard, double[] each) {
    for (int f = 0; f < layer.features && gradients.length > 0; f++) {
      double sum = each[f];
      for (int c = f + layer.features; c < layer.cells; c += layer.features) {
        sum += each[c];
      }
      gradients[shard].set(0, f, (float) sum);
    }
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length == 0) {
      return;
    }
    if (layer.meets()) {
      for (int c = 0; c < layer.cells; c++) {
        double inverse = inverse(c, true);
        double of = factor.get(c) * layer.meanStretched[c] * inverse;
        slope.set(c, (float) -of);
        double back = of * layer.ofBatch.mean[c] - factor.get(c) * layer.meanUpstream[c];
        offset.set(c, (float) back);
      }
    }
    for (int p = 0; p < inputGradients.length; p++) {
      Matrix dx = inputGradients[p];
      if (layer.meets()) {
        kernels.fill(pass.rows(), offset.at(p), dx);
        kernels.elements().multiplyAdd(0, pass.rows(), inputs[p], slope.at(p), dx);
        kernels.elements().multiplyAdd(0, pass.rows(), outputGradients[p], factor.at(p), dx);
        passMaskedThrough(p, pass.rows(), dx);
      } else { // its statistics are constants
        kernels.elements().multiply(0, pass.rows(), outputGradients[p], factor.at(p), dx);
      }
    }
  }

  /** What is masked has no part in the statistics, so that they are constants to it. */
  private void passMaskedThrough(int p, int rows, Matrix dx) {
    if (mask == null) {
      return;
    }
    for (int from = mask.nextMasked(p, 0); from < rows; ) {
      int to = mask.nextUsed(p, from);
      kernels.elements().multiply(from, to - from, outputGradients[p], factor.at(p), dx);
      from = mask.nextMasked(p, to);
    }
  }
}
