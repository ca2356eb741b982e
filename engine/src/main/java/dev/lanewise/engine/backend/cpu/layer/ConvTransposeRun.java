package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.layer.WindowPlaces;

/**
 * A transposed convolution at work, which is the way back of a convolution: inputs are the places
 * of a window that slides over the outputs.
 */
final class ConvTransposeRun extends SlidingRun {
  ConvTransposeRun(CpuConvolution layer, RunContext context, Signals signals) {
    super(layer, layer.outputPositions, context, signals);
  }

  @Override
  WindowRuns[] outputs(WindowPlaces places, int count, int atATime) {
    return WindowRuns.seeing(places, count, atATime);
  }

  @Override
  WindowRuns[] inputs(WindowPlaces places, int count, int atATime) {
    return WindowRuns.seen(places, atATime);
  }

  @Override
  void addSums(WindowRuns part, int rows) {
    taps.addGradients(kernels, part, rows, x, y);
  }

  @Override
  void addKernelGradient(WindowRuns part, int rows, int shard) {
    taps.addGradientSeeing(kernels, part, rows, dy, x, shard);
  }

  @Override
  void addGradients(WindowRuns part, int rows) {
    taps.addSums(kernels, part, rows, dy, dx);
  }
}
