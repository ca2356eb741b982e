package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * A layer normalization at work, or one of groups: they differ in which elements of a sample are
 * normalized together, and in which weights each takes. What is summed over a group is summed by
 * plain loops in double, since a mean that is rounded shifts a whole group: element j belongs to
 * chain j mod 4, in ascending order, and the sum is (chain 0 + chain 1) + (chain 2 + chain 3).
 */
final class LayerNormalizationRun implements LayerRun {
  private final CpuLayerNormalization layer;
  private final Groups groups;
  private final boolean ofVectors;
  private final CheckedKernels kernels;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /** Groups of mean 0 and variance 1; one place for all vectors without a backward pass. */
  private final Matrix[] normalized;

  /** What each group was multiplied by, [rows, 1]. */
  private final Matrix[] factors;

  private final @Nullable WeightRows gamma;
  private final @Nullable WeightRows beta;

  private final Matrix products;

  // A group at a time, so that elements are not read through a segment one by one.
  private final float[] floats;
  private final double[] row;
  private final double[] other;

  LayerNormalizationRun(CpuLayerNormalization layer, RunContext context, Signals signals) {
    this.layer = layer;
    groups = layer.groups;
    ofVectors = groups.areVectors();
    kernels = context.kernels();
    int width = signals.width();
    mask = signals.mask();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", signals.positions(), width);
    outputGradients = context.gradientSignals(signals.positions(), width);
    boolean each = context.training() || !ofVectors;
    normalized = context.signals("normalized", each ? signals.positions() : 1, width);
    factors = context.signals("factors", context.training() ? groups.count() : 1, 1);
    gamma = layer.gamma(context);
    beta = layer.beta(context);
    products = context.signals("products", 1, width)[0];
    floats = new float[groups.size()];
    row = new double[groups.size()];
    other = new double[groups.size()];
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
  public void forward(Pass pass) {
    int rows = pass.rows();
    renew(gamma);
    renew(beta);
    for (int g = 0; g < groups.count(); g++) {
      for (int r = 0; r < rows; r++) {
        factors[g % factors.length].set(r, 0, normalize(r, g));
      }
      if (ofVectors) {
        scale(g, rows);
      }
    }
    for (int p = 0; !ofVectors && p < outputs.length; p++) {
      scale(p, rows);
    }
  }

  private static void renew(@Nullable WeightRows weights) {
    if (weights != null) {
      weights.renew();
    }
  }

  private void scale(int position, int rows) {
    Matrix x = normalized[position % normalized.length];
    Matrix y = outputs[position];
    kernels.start(rows, beta == null ? layer.zeros : beta.at(position), y);
    if (gamma == null) {
      kernels.elements().add(rows, x, y);
    } else {
      kernels.elements().multiplyAdd(0, rows, x, gamma.at(position), y);
    }
  }

  /** Normalizes a group of a sample and returns what it was multiplied by. */
  private float normalize(int r, int group) {
    read(inputs, r, group, row);
    double mean = sum(row) / row.length;
    for (int c = 0; c < row.length; c++) {
      row[c] -= mean;
    }
    double factor = 1 / Math.sqrt(dot(row, row) / row.length + layer.epsilon);
    for (int c = 0; c < row.length; c++) {
      floats[c] = (float) (row[c] * factor);
    }
    groups.write(floats, kernels, normalized, r, group);
    return (float) factor;
  }

  private void read(Matrix[] x, int r, int group, double[] to) {
    groups.read(x, r, group, floats);
    for (int c = 0; c < to.length; c++) {
      to[c] = floats[c];
    }
  }

  private static double sum(double[] x) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int c = 0;
    for (; c + 3 < x.length; c += 4) {
      s0 += x[c];
      s1 += x[c + 1];
      s2 += x[c + 2];
      s3 += x[c + 3];
    }
    s0 += c < x.length ? x[c] : 0;
    s1 += c + 1 < x.length ? x[c + 1] : 0;
    s2 += c + 2 < x.length ? x[c + 2] : 0;
    return (s0 + s1) + (s2 + s3);
  }

  private static double dot(double[] x, double[] y) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int c = 0;
    for (; c + 3 < x.length; c += 4) {
      s0 += x[c] * y[c];
      s1 += x[c + 1] * y[c + 1];
      s2 += x[c + 2] * y[c + 2];
      s3 += x[c + 3] * y[c + 3];
    }
    s0 += c < x.length ? x[c] * y[c] : 0;
    s1 += c + 1 < x.length ? x[c + 1] * y[c + 1] : 0;
    s2 += c + 2 < x.length ? x[c + 2] * y[c + 2] : 0;
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    if (gamma != null) {
      gamma.clear(kernels, layer.zeros);
    }
    if (beta != null) {
      beta.clear(kernels, layer.zeros);
    }
    for (int p = 0; p < outputs.length; p++) {
      Matrix dy = outputGradients[p];
      if (beta != null && beta.learns()) {
        kernels.columnSums(rows, dy, beta.gradientAt(p));
      }
      if (gamma != null && gamma.learns()) {
        kernels.elements().multiply(0, rows, dy, normalized[p], products);
        kernels.columnSums(rows, products, gamma.gradientAt(p));
      }
      if (gamma != null) {
        kernels.elements().multiply(0, rows, dy, gamma.at(p), dy);
      }
    }
    layer.finish(kernels, pass.shard(), gamma, beta);
    for (int g = 0; inputGradients.length > 0 && g < groups.count(); g++) {
      for (int r = 0; r < rows; r++) {
        goBack(r, g);
      }
    }
  }

  /** dx = (dn - mean(dn) - n * mean(dn * n)) * factor, n being the normalized group. */
  private void goBack(int r, int group) {
    read(outputGradients, r, group, row);
    read(normalized, r, group, other);
    float factor = factors[group].get(r, 0);
    double mean = sum(row) / row.length;
    double share = dot(row, other) / row.length;
    for (int c = 0; c < row.length; c++) {
      floats[c] = (float) ((row[c] - mean - other[c] * share) * factor);
    }
    groups.write(floats, kernels, inputGradients, r, group);
  }
}
