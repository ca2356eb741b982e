package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A layer normalization at work. What is summed over a row is summed by plain loops in double, in
 * ascending columns: the chains are short, and a mean that is rounded shifts a whole row.
 */
final class LayerNormalizationRun implements LayerRun {
  private final CpuLayerNormalization layer;
  private final CheckedKernels kernels;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;

  /** Vectors of mean 0 and variance 1; one place for all positions without a backward pass. */
  private final Matrix[] normalized;

  /** What each row was multiplied by, [rows, 1]. */
  private final Matrix[] factors;

  private final Matrix products;

  LayerNormalizationRun(CpuLayerNormalization layer, RunContext context, Signals signals) {
    this.layer = layer;
    kernels = context.kernels();
    int width = signals.width();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", signals.positions(), width);
    outputGradients = context.gradientSignals(signals.positions(), width);
    int kept = context.training() ? signals.positions() : 1;
    normalized = context.signals("normalized", kept, width);
    factors = context.signals("factors", kept, 1);
    products = context.signals("products", 1, width)[0];
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
  public Matrix[] outputGradients() {
    return outputGradients;
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      Matrix x = normalized[p % normalized.length];
      for (int row = 0; row < rows; row++) {
        normalize(row, inputs[p], x, factors[p % factors.length]);
      }
      kernels.start(rows, layer.start, outputs[p]);
      if (layer.gamma == null) {
        kernels.elements().add(rows, x, outputs[p]);
      } else {
        kernels.elements().multiplyAdd(0, rows, x, layer.gamma, outputs[p]);
      }
    }
  }

  private void normalize(int row, Matrix x, Matrix to, Matrix factor) {
    int width = x.columns();
    double sum = 0;
    for (int c = 0; c < width; c++) {
      sum += x.get(row, c);
    }
    double mean = sum / width;
    double squares = 0;
    for (int c = 0; c < width; c++) {
      double deviation = x.get(row, c) - mean;
      squares += deviation * deviation;
    }
    double multiplied = 1 / Math.sqrt(squares / width + layer.epsilon);
    factor.set(row, 0, (float) multiplied);
    for (int c = 0; c < width; c++) {
      to.set(row, c, (float) ((x.get(row, c) - mean) * multiplied));
    }
  }

  @Override
  public void backward(Pass pass) {
    int shard = pass.shard();
    if (layer.betaGradients.length > 0) {
      kernels.fill(1, layer.zeros, layer.betaGradients[shard]);
    }
    if (layer.gamma != null) {
      kernels.fill(1, layer.zeros, layer.gammaGradients[shard]);
    }
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      Matrix dy = outputGradients[p];
      if (layer.betaGradients.length > 0) {
        kernels.columnSums(rows, dy, layer.betaGradients[shard]);
      }
      if (layer.gamma != null) {
        kernels.elements().multiply(0, rows, dy, normalized[p], products);
        kernels.columnSums(rows, products, layer.gammaGradients[shard]);
        kernels.elements().multiply(0, rows, dy, layer.gamma, dy);
      }
      if (inputGradients.length > 0) {
        for (int row = 0; row < rows; row++) {
          goBack(row, dy, normalized[p], factors[p].get(row, 0), inputGradients[p]);
        }
      }
    }
  }

  /** dx = (dn - mean(dn) - n * mean(dn * n)) * factor, n being the normalized vector. */
  private static void goBack(int row, Matrix dn, Matrix n, float factor, Matrix dx) {
    int width = dn.columns();
    double sum = 0;
    double along = 0;
    for (int c = 0; c < width; c++) {
      sum += dn.get(row, c);
      along += (double) dn.get(row, c) * n.get(row, c);
    }
    double mean = sum / width;
    double share = along / width;
    for (int c = 0; c < width; c++) {
      dx.set(row, c, (float) ((dn.get(row, c) - mean - n.get(row, c) * share) * factor));
    }
  }
}
