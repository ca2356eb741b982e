package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;

/**
 * A {@link CpuSparseConvolution} at work, by plain loops: what it leaves out is more than it does.
 * Each sum is one chain, taps and features ascending; gradients by weights are summed in double,
 * places, rows and taps ascending.
 */
final class SparseConvolutionRun extends BetweenRun {
  private final CpuSparseConvolution layer;
  private final CheckedKernels kernels;
  private final SumFunction function;
  private final int ofGroup;
  private final int filtersOfGroup;

  /** By tap, which position a place takes; none if below 0. */
  private final int[] taken;

  // Arrays, so that elements are not read through a segment one by one.
  private final float[] kernel;
  private final float[] kernelRow;
  private final float[] bias;
  private final float[] x;
  private final float[] y;
  private final float[] dx;
  private final double[] kernelGradient;
  private final double[] biasGradient;

  SparseConvolutionRun(CpuSparseConvolution layer, RunContext context, Signals signals) {
    super(context, signals, layer.places, layer.filters);
    this.layer = layer;
    kernels = context.kernels();
    function = new SumFunction(layer.activation, context, outputs, layer.filters);
    ofGroup = layer.features / layer.groups;
    filtersOfGroup = layer.filters / layer.groups;
    taken = new int[layer.taps];
    kernelRow = new float[layer.kernel.columns()];
    kernel = new float[layer.kernel.rows() * layer.kernel.columns()];
    bias = new float[layer.filters];
    x = new float[layer.features];
    y = new float[layer.filters];
    dx = new float[layer.features];
    kernelGradient = new double[context.training() ? kernel.length : 0];
    biasGradient = new double[layer.filters];
  }

  /** Returns where the kernel has what a filter takes of its group's feature at a tap. */
  private int at(int tap, int feature, int filter) {
    return (tap * ofGroup + feature) * layer.filters + filter;
  }

  private void look() {
    for (int row = 0; row < layer.kernel.rows(); row++) {
      layer.kernel.copyRow(row, kernelRow);
      System.arraycopy(kernelRow, 0, kernel, row * kernelRow.length, kernelRow.length);
    }
    if (layer.bias != null) {
      layer.bias.copyRow(0, bias);
    }
  }

  private void take(int place) {
    for (int tap = 0; tap < taken.length; tap++) {
      taken[tap] = layer.source.applyAsInt(place, tap);
    }
  }

  @Override
  public void forward(Pass pass) {
    look();
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      take(p);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(bias, 0, y, 0, y.length);
        for (int tap = 0; tap < taken.length; tap++) {
          if (taken[tap] >= 0) {
            inputs[taken[tap]].copyRow(r, x);
            addProducts(tap);
          }
        }
        kernels.copy(y, 0, outputs[p], r);
      }
      function.apply(p, 0, rows);
      function.finish(p, rows);
    }
  }

  private void addProducts(int tap) {
    for (int o = 0; o < y.length; o++) {
      int from = o / filtersOfGroup * ofGroup;
      float sum = y[o];
      for (int i = 0; i < ofGroup; i++) {
        sum = Math.fma(x[from + i], kernel[at(tap, i, o)], sum);
      }
      y[o] = sum;
    }
  }

  @Override
  public void backward(Pass pass) {
    look();
    Arrays.fill(kernelGradient, 0);
    Arrays.fill(biasGradient, 0);
    int rows = pass.rows();
    for (Matrix gradient : inputGradients) {
      for (int r = 0; r < rows; r++) {
        Arrays.fill(dx, 0);
        kernels.copy(dx, 0, gradient, r);
      }
    }
    for (int p = 0; p < outputs.length; p++) {
      Matrix dz = outputGradients[p];
      function.goBack(p, rows, dz);
      take(p);
      for (int r = 0; r < rows; r++) {
        dz.copyRow(r, y);
        goBack(r);
      }
    }
    leave(pass.shard());
  }

  private void goBack(int row) {
    for (int o = 0; o < y.length; o++) {
      biasGradient[o] += y[o];
    }
    for (int tap = 0; tap < taken.length; tap++) {
      int step = taken[tap];
      if (step >= 0) {
        inputs[step].copyRow(row, x);
        boolean asked = inputGradients.length > 0;
        if (asked) {
          inputGradients[step].copyRow(row, dx);
        }
        addGradients(tap);
        if (asked) {
          kernels.copy(dx, 0, inputGradients[step], row);
        }
      }
    }
  }

  private void addGradients(int tap) {
    for (int o = 0; o < y.length; o++) {
      int from = o / filtersOfGroup * ofGroup;
      for (int i = 0; i < ofGroup; i++) {
        int at = at(tap, i, o);
        kernelGradient[at] += (double) x[from + i] * y[o];
        dx[from + i] = Math.fma(kernel[at], y[o], dx[from + i]);
      }
    }
  }

  private void leave(int shard) {
    if (layer.kernelGradients.length > 0) {
      Matrix gradient = layer.kernelGradients[shard];
      int columns = gradient.columns();
      for (int at = 0; at < kernelGradient.length; at++) {
        gradient.set(at / columns, at % columns, (float) kernelGradient[at]);
      }
    }
    if (layer.biasGradients.length > 0) {
      for (int o = 0; o < biasGradient.length; o++) {
        layer.biasGradients[shard].set(0, o, (float) biasGradient[o]);
      }
    }
  }
}
