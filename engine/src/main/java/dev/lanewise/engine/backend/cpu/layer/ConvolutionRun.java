package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.layer.WindowPlaces;

/** A convolution at work: outputs are the places of a window that slides over the inputs. */
final class ConvolutionRun extends SlidingRun {
  ConvolutionRun(CpuConvolution layer, RunContext context, Signals signals) {
    super(layer, layer.outputPositions, context, signals);
  }

  @Override
  WindowRuns[] outputs(WindowPlaces places, int count, int atATime) {
    return WindowRuns.seen(places, atATime);
  }

  @Override
  WindowRuns[] inputs(WindowPlaces places, int count, int atATime) {
    return WindowRuns.seeing(places, count, atATime);
  }

  @Override
  void addSums(WindowRuns part, int rows) {
    taps.addSums(kernels, part, rows, x, y);
  }

  @Override
  void addKernelGradient(WindowRuns part, int rows, int shard) {
    taps.addGradientSeen(kernels, part, rows, x, dy, shard);
  }

  @Override
  void addGradients(WindowRuns part, int rows) {
    if (taps.goesBack()) {
      taps.addGradients(kernels, part, rows, dy, dx);
    }
  }
}
