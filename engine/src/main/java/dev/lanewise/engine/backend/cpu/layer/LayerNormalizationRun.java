package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * A layer normalization at work. What is summed over a row is summed by plain loops in double,
 * since a mean that is rounded shifts a whole row: element j belongs to chain j mod 4, in ascending
 * order, and the sum is (chain 0 + chain 1) + (chain 2 + chain 3).
 */
final class LayerNormalizationRun implements LayerRun {
  private final CpuLayerNormalization layer;
  private final CheckedKernels kernels;
  private final @Nullable StepMask mask;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /** Vectors of mean 0 and variance 1; one place for all positions without a backward pass. */
  private final Matrix[] normalized;

  /** What each row was multiplied by, [rows, 1]. */
  private final Matrix[] factors;

  private final Matrix products;

  // A row at a time, so that elements are not read through a segment one by one.
  private final float[] floats;
  private final double[] row;
  private final double[] other;

  LayerNormalizationRun(CpuLayerNormalization layer, RunContext context, Signals signals) {
    this.layer = layer;
    kernels = context.kernels();
    int width = signals.width();
    mask = signals.mask();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", signals.positions(), width);
    outputGradients = context.gradientSignals(signals.positions(), width);
    int kept = context.training() ? signals.positions() : 1;
    normalized = context.signals("normalized", kept, width);
    factors = context.signals("factors", kept, 1);
    products = context.signals("products", 1, width)[0];
    floats = new float[width];
    row = new double[width];
    other = new double[width];
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
    for (int p = 0; p < outputs.length; p++) {
      Matrix x = normalized[p % normalized.length];
      for (int r = 0; r < rows; r++) {
        factors[p % factors.length].set(r, 0, normalize(r, inputs[p], x));
      }
      kernels.start(rows, layer.start, outputs[p]);
      if (layer.gamma == null) {
        kernels.elements().add(rows, x, outputs[p]);
      } else {
        kernels.elements().multiplyAdd(0, rows, x, layer.gamma, outputs[p]);
      }
    }
  }

  /** Normalizes a row and returns what it was multiplied by. */
  private float normalize(int r, Matrix x, Matrix to) {
    read(x, r, row);
    double mean = sum(row) / row.length;
    for (int c = 0; c < row.length; c++) {
      row[c] -= mean;
    }
    double factor = 1 / Math.sqrt(dot(row, row) / row.length + layer.epsilon);
    for (int c = 0; c < row.length; c++) {
      floats[c] = (float) (row[c] * factor);
    }
    kernels.copy(floats, 0, to, r);
    return (float) factor;
  }

  private void read(Matrix x, int r, double[] to) {
    x.copyRow(r, floats);
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
    int shard = pass.shard();
    if (layer.betaGradients.length > 0) {
      kernels.fill(1, layer.zeros, layer.betaGradients[shard]);
    }
    if (layer.gammaGradients.length > 0) {
      kernels.fill(1, layer.zeros, layer.gammaGradients[shard]);
    }
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      Matrix dy = outputGradients[p];
      if (layer.betaGradients.length > 0) {
        kernels.columnSums(rows, dy, layer.betaGradients[shard]);
      }
      if (layer.gammaGradients.length > 0) {
        kernels.elements().multiply(0, rows, dy, normalized[p], products);
        kernels.columnSums(rows, products, layer.gammaGradients[shard]);
      }
      if (layer.gamma != null) {
        kernels.elements().multiply(0, rows, dy, layer.gamma, dy);
      }
      if (inputGradients.length > 0) {
        for (int r = 0; r < rows; r++) {
          goBack(r, dy, normalized[p], factors[p].get(r, 0), inputGradients[p]);
        }
      }
    }
  }

  /** dx = (dn - mean(dn) - n * mean(dn * n)) * factor, n being the normalized vector. */
  private void goBack(int r, Matrix dn, Matrix n, float factor, Matrix dx) {
    read(dn, r, row);
    read(n, r, other);
    double mean = sum(row) / row.length;
    double share = dot(row, other) / row.length;
    for (int c = 0; c < row.length; c++) {
      floats[c] = (float) ((row[c] - mean - other[c] * share) * factor);
    }
    kernels.copy(floats, 0, dx, r);
  }
}
