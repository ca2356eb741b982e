package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;

/**
 * A {@link CpuSparseConvolution} of one filter a feature at work: features are as independent as a
 * vector's lanes. Sums are those of {@link SparseConvolutionRun}, in its order.
 */
final class DepthwiseRun extends BetweenRun {
  /** Rows and columns of a block of outputs that stays in the first cache from tap to tap. */
  private static final int BLOCK = 2048;

  private final CpuSparseConvolution layer;
  private final CheckedKernels kernels;
  private final SumFunction function;

  /** By tap: a row of the kernel. */
  private final Matrix[] factors;

  private final Matrix nothing;
  private final int blockRows;

  // Arrays, which compilers make vectors of where elements are doubles.
  private final float[] x;
  private final float[] dy;
  private final double[] kernelGradient;
  private final double[] biasGradient;

  DepthwiseRun(CpuSparseConvolution layer, RunContext context, Signals signals) {
    super(context, signals, layer.places, layer.filters);
    this.layer = layer;
    kernels = context.kernels();
    function = new SumFunction(layer.activation, context, outputs, layer.filters);
    factors = new Matrix[layer.taps];
    Arrays.setAll(factors, tap -> layer.kernel.rows(tap, 1));
    nothing = context.matrix("zeros", 1, layer.filters).matrix();
    blockRows = Math.max(1, BLOCK / Kernels.padded(layer.filters));
    x = new float[layer.filters];
    dy = new float[layer.filters];
    boolean learns = layer.kernelGradients.length > 0;
    kernelGradient = new double[learns ? layer.taps * layer.filters : 0];
    biasGradient = new double[layer.filters];
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    Matrix start = layer.bias == null ? nothing : layer.bias;
    for (int p = 0; p < outputs.length; p++) {
      for (int first = 0; first < rows; first += blockRows) {
        int count = Math.min(blockRows, rows - first);
        kernels.fill(first, count, start, outputs[p]);
        for (int tap = 0; tap < factors.length; tap++) {
          int step = layer.source.applyAsInt(p, tap);
          if (step >= 0) {
            kernels.elements().multiplyAdd(first, count, inputs[step], factors[tap], outputs[p]);
          }
        }
        function.apply(p, first, count);
      }
      function.finish(p, rows);
    }
  }

  @Override
  public void backward(Pass pass) {
    Arrays.fill(kernelGradient, 0);
    Arrays.fill(biasGradient, 0);
    int rows = pass.rows();
    for (Matrix gradient : inputGradients) {
      kernels.fill(rows, nothing, gradient);
    }
    for (int p = 0; p < outputs.length; p++) {
      function.goBack(p, rows, outputGradients[p]);
      for (int first = 0; first < rows; first += blockRows) {
        goBack(p, first, Math.min(blockRows, rows - first));
      }
    }
    leave(pass.shard());
  }

  private void goBack(int place, int first, int count) {
    Matrix gradient = outputGradients[place];
    if (layer.biasGradients.length > 0) {
      for (int r = first; r < first + count; r++) {
        gradient.copyRow(r, dy);
        add(biasGradient, dy);
      }
    }
    for (int tap = 0; tap < factors.length; tap++) {
      int step = layer.source.applyAsInt(place, tap);
      if (step < 0) {
        continue;
      }
      if (inputGradients.length > 0) {
        kernels.elements().multiplyAdd(first, count, gradient, factors[tap], inputGradients[step]);
      }
      for (int r = first; r < first + count && kernelGradient.length > 0; r++) {
        inputs[step].copyRow(r, x);
        gradient.copyRow(r, dy);
        addProducts(kernelGradient, tap * x.length, x, dy);
      }
    }
  }

  private static void add(double[] sums, float[] values) {
    for (int c = 0; c < values.length; c++) {
      sums[c] += values[c];
    }
  }

  private static void addProducts(double[] sums, int from, float[] x, float[] y) {
    for (int c = 0; c < x.length; c++) {
      sums[from + c] += (double) x[c] * y[c];
    }
  }

  private void leave(int shard) {
    for (int at = 0; at < kernelGradient.length; at++) {
      layer.kernelGradients[shard].set(at / x.length, at % x.length, (float) kernelGradient[at]);
    }
    if (layer.biasGradients.length > 0) {
      for (int o = 0; o < biasGradient.length; o++) {
        layer.biasGradients[shard].set(0, o, (float) biasGradient[o]);
      }
    }
  }
}
