package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.WindowPlaces;

/**
 * A kernel that slides over the inputs, or over the outputs: some of these at a time, of which each
 * tap of the window is one product as far as neighbours meet neighbours, while sums are in a near
 * cache.
 */
abstract class SlidingRun extends BetweenRun {
  /** Elements of sums at a time. */
  private static final int AT_A_TIME = 1 << 14;

  final WindowTaps taps;
  final CheckedKernels kernels;
  final Positions x;
  final Positions y;
  final Positions dx;
  final Positions dy;
  private final CpuConvolution layer;
  private final boolean lowest;
  private final SumFunction function;
  private WindowRuns[] there = {};
  private WindowRuns[] back = {};

  SlidingRun(CpuConvolution layer, int positions, RunContext context, Signals signals) {
    super(context, signals, positions, layer.filters);
    this.layer = layer;
    taps = layer.taps;
    kernels = context.kernels();
    lowest = signals.below() == null;
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
    there = outputs(taps.places(), outputs.length, atATime(y.rows(), layer.filters));
    if (inputGradients.length > 0) {
      int some = atATime(dx.rows(), inputGradients[0].columns());
      back = inputs(taps.places(), inputGradients.length, some);
    }
  }

  private static int atATime(int rows, int width) {
    return (int) Math.max(1, AT_A_TIME / ((long) rows * width));
  }

  /** Returns which inputs outputs are made of, so many outputs at a time. */
  abstract WindowRuns[] outputs(WindowPlaces places, int count, int atATime);

  /** Returns which outputs inputs go to, so many inputs at a time. */
  abstract WindowRuns[] inputs(WindowPlaces places, int count, int atATime);

  /** Adds what some outputs are made of to sums that have begun. */
  abstract void addSums(WindowRuns part, int rows);

  /** Adds what some outputs say to a shard's gradient by the kernel. */
  abstract void addKernelGradient(WindowRuns part, int rows, int shard);

  /** Adds what outputs say to gradients by some inputs that have begun. */
  abstract void addGradients(WindowRuns part, int rows);

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    for (WindowRuns part : there) {
      y.start(kernels, part, rows, layer.start);
      addSums(part, rows);
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
    for (WindowRuns part : there) {
      for (int p = part.first(); p < part.end(); p++) {
        function.goBack(p, rows, outputGradients[p]);
        if (layer.biasGradients.length > 0) {
          kernels.columnSums(rows, outputGradients[p], layer.biasGradients[shard]);
        }
      }
      if (taps.isTrained()) {
        addKernelGradient(part, rows, shard);
      }
    }
    for (WindowRuns part : back) {
      dx.start(kernels, part, rows, layer.zeroIn);
      addGradients(part, rows);
    }
  }
}
