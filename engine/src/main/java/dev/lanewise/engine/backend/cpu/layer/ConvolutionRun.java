package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.tensor.Matrix;

/** A convolution at work. */
final class ConvolutionRun implements LayerRun {
  private final CpuConvolution layer;
  private final WindowTaps taps;
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
    taps = layer.taps;
    kernels = context.kernels();
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", taps.places().count(), layer.filters);
    outputGradients = context.gradientSignals(outputs.length, layer.filters);
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
    for (int p = 0; p < outputs.length; p++) {
      position = p;
      kernels.inStrips(0, pass.rows(), taps.elements(), layer.filters, strip);
      function.finish(p, pass.rows());
    }
  }

  private void strip(int first, int count) {
    Matrix sums = outputs[position];
    Matrix begun = taps.sum(kernels, position, first, count, inputs, layer.start, sums);
    if (begun != sums) {
      kernels.start(first, count, begun, sums); // a window that sees nothing of the sequence
    }
    function.apply(position, first, count);
  }

  @Override
  public void backward(Pass pass) {
    int rows = pass.rows();
    int shard = pass.shard();
    if (taps.isTrained()) {
      taps.beginGradient(kernels, shard);
    }
    if (layer.biasGradients.length > 0) {
      kernels.fill(1, layer.zeroOut, layer.biasGradients[shard]);
    }
    for (int p = 0; p < outputs.length; p++) {
      Matrix dz = outputGradients[p];
      function.goBack(p, rows, dz);
      if (layer.biasGradients.length > 0) {
        kernels.columnSums(rows, dz, layer.biasGradients[shard]);
      }
      if (taps.isTrained()) {
        taps.addGradient(kernels, p, rows, inputs, dz, shard);
      }
    }
    for (int step = 0; step < inputGradients.length; step++) {
      Matrix dx = inputGradients[step];
      taps.gradient(kernels, step, 0, rows, outputGradients, layer.zeroIn, dx);
    }
  }
}
