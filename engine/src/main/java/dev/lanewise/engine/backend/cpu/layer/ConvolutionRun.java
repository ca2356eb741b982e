package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A convolution at work: some places at a time, of which each tap of the window is one product as
 * far as neighbours see neighbours, while sums are in a near cache.
 */
final class ConvolutionRun implements LayerRun {
  /** Elements of sums at a time. */
  private static final int AT_A_TIME = 1 << 14;

  private final CpuConvolution layer;
  private final WindowTaps taps;
  private final CheckedKernels kernels;
  private final boolean lowest;
  private final Matrix[] inputs;
  private final Matrix[] inputGradients;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final SumFunction function;
  private final Positions x;
  private final Positions y;
  private final Positions dx;
  private final Positions dy;
  private WindowRuns[] seen = {};
  private WindowRuns[] seeing = {};

  ConvolutionRun(CpuConvolution layer, RunContext context, Signals signals) {
    this.layer = layer;
    taps = layer.taps;
    kernels = context.kernels();
    lowest = signals.below() == null;
    inputs = signals.inputs();
    inputGradients = signals.inputGradients();
    outputs = context.signals("outputs", taps.places().count(), layer.filters);
    outputGradients = context.gradientSignals(outputs.length, layer.filters);
    function = new SumFunction(layer.activation, context, outputs, layer.filters);
    x = new Positions(inputs);
    y = new Positions(outputs);
    dx = new Positions(inputGradients);
    dy = new Positions(outputGradients);
    look();
  }

  @Override
  public void layOut(int rows) {
    if (lowest) {
      Positions.join(inputs, rows);
    }
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
    look();
  }

  private void look() {
    x.look();
    y.look();
    dx.look();
    dy.look();
    seen = WindowRuns.seen(taps.places(), places(y.rows(), layer.filters));
    if (inputGradients.length > 0) {
      int atATime = places(dx.rows(), inputGradients[0].columns());
      seeing = WindowRuns.seeing(taps.places(), inputGradients.length, atATime);
    }
  }

  private static int places(int rows, int width) {
    return (int) Math.max(1, AT_A_TIME / ((long) rows * width));
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
    for (WindowRuns part : seen) {
      y.start(kernels, part, rows, layer.start);
      taps.addSums(kernels, part, rows, x, y);
      if (y.join(rows) && function.staysInPlace()) {
        function.apply(y.all(), part.first() * rows, (part.end() - part.first()) * rows);
      } else {
        applyToEach(part, rows);
      }
    }
  }

  private void applyToEach(WindowRuns part, int rows) {
    for (int p = part.first(); p < part.end(); p++) {
      function.apply(p, 0, rows);
      function.finish(p, rows);
    }
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
    for (WindowRuns part : seen) {
      for (int p = part.first(); p < part.end(); p++) {
        function.goBack(p, rows, outputGradients[p]);
        if (layer.biasGradients.length > 0) {
          kernels.columnSums(rows, outputGradients[p], layer.biasGradients[shard]);
        }
      }
      if (taps.isTrained()) {
        taps.addGradient(kernels, part, rows, x, dy, shard);
      }
    }
    for (WindowRuns part : seeing) {
      dx.start(kernels, part, rows, layer.zeroIn);
      if (taps.goesBack()) {
        taps.addGradients(kernels, part, rows, dy, dx);
      }
    }
  }
}
