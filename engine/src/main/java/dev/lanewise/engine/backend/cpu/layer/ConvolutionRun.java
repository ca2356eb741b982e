package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A convolution at work. A product a tap, added to those of the taps before: nothing is copied to
 * lie side by side, and each sum is one chain in ascending steps and features, as if it were.
 */
final class ConvolutionRun implements LayerRun {
  private static final Matrix[] NONE = {};

  private final CpuConvolution layer;
  private final WindowPlaces windows;
  private final CheckedKernels kernels;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final SumFunction function;
  private final Strip strip = this::strip;
  private int position;

  ConvolutionRun(CpuConvolution layer, RunContext context, Signals signals) {
    this.layer = layer;
    windows = layer.windows;
    kernels = context.kernels();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", windows.count(), layer.filters);
    outputGradients = context.gradientSignals(windows.count(), layer.filters);
    function = new SumFunction(layer.activation, context, outputs, layer.filters);
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
    long weights = (long) layer.taps.length * layer.input.size(-1) * layer.filters;
    for (int p = 0; p < outputs.length; p++) {
      position = p;
      kernels.inStrips(0, pass.rows(), weights, layer.filters, strip);
      function.finish(p, pass.rows());
    }
  }

  private void strip(int first, int count) {
    Matrix sums = outputs[position];
    Matrix begun = layer.start;
    for (int tap = 0; tap < layer.taps.length; tap++) {
      int step = windows.step(position, tap);
      if (step != WindowPlaces.NONE) {
        layer.taps[tap].multiply(kernels, first, count, inputs[step], 0, begun, sums);
        begun = sums;
      }
    }
    if (begun != sums) {
      kernels.start(first, count, begun, sums); // a window that sees nothing of the sequence
    }
    function.apply(position, first, count);
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    boolean trained = layer.tapGradients.length > 0;
    Matrix[] tapGradients = trained ? layer.tapGradients[pass.shard()] : NONE;
    for (Matrix gradient : tapGradients) {
      kernels.start(gradient.rows(), layer.zeroOut, gradient);
    }
    if (layer.biasGradients.length > 0) {
      kernels.fill(1, layer.zeroOut, layer.biasGradients[pass.shard()]);
    }
    for (int p = 0; p < outputs.length; p++) {
      Matrix dz = outputGradients[p];
      function.goBack(p, rows, dz);
      if (layer.biasGradients.length > 0) {
        kernels.columnSums(rows, dz, layer.biasGradients[pass.shard()]);
      }
      for (int tap = 0; tap < tapGradients.length; tap++) {
        int step = windows.step(p, tap);
        if (step != WindowPlaces.NONE) {
          Matrix gradient = tapGradients[tap];
          kernels.gemmTransposedA(rows, inputs[step], dz, gradient, gradient);
        }
      }
    }
    for (int step = 0; step < inputGradients.length; step++) {
      inputGradient(rows, step, inputGradients[step]);
    }
  }

  private void inputGradient(int rows, int step, Matrix dx) {
    Matrix begun = layer.zeroIn;
    for (int tap = 0; tap < layer.tapsTransposed.length; tap++) {
      int place = windows.place(step, tap);
      if (place != WindowPlaces.NONE) {
        layer.tapsTransposed[tap].multiply(kernels, 0, rows, outputGradients[place], 0, begun, dx);
        begun = dx;
      }
    }
    if (begun != dx) {
      kernels.start(rows, begun, dx);
    }
  }
}
