package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.tensor.Shape;

/**
 * Each feature with mean 0 and variance 1, in training those of the batch's steps that no mask
 * leaves out, which the moving statistics follow at once, else and where the layer is frozen the
 * moving ones; see batch_norm.cu.
 */
public final class CudaBatchNormalization extends CudaValues {
  private static final int MOST_SLICES = 64;
  private static final int SHORTEST_SLICE = 64;

  private final BatchNormalization layer;
  private final boolean ofBatch;
  private final boolean learns;
  private final long mask;
  private final long gamma;
  private final long beta;
  private final long gradient;
  private final long moving;
  private final long features;
  private final long partial;
  private final long sums;

  public CudaBatchNormalization(
      LayerMemory memory, BatchNormalization layer, Shape input, CudaSource below) {
    super(memory, "a batch normalization", input, below);
    this.layer = layer;
    ofBatch = memory.training() && !memory.frozen();
    learns = memory.learns();
    mask = memory.mask();
    int scales = layer.scale() ? width : 0;
    int learnt = scales + (layer.center() ? width : 0);
    gamma = layer.scale() ? memory.weights() : 0;
    beta = layer.center() ? memory.after(scales).weights() : 0;
    gradient = memory.gradient();
    moving = memory.kept() + (memory.frozen() ? (long) learnt * Float.BYTES : 0);
    features = memory.arena().allocate("factors of features", 5L * width);
    int most = slices(Math.multiplyExact(positions, memory.maximumRows()));
    partial = ofBatch ? memory.arena().allocate("statistics of a batch", 3L * most * width) : 0;
    sums = ofBatch ? memory.arena().allocate("gradients by statistics", 2L * width) : 0;
  }

  private static int slices(int rows) {
    return Math.clamp(Math.ceilDiv(rows, SHORTEST_SLICE), 1, MOST_SLICES);
  }

  @Override
  public void forward(CudaPass pass) {
    KernelCalls calls = pass.calls();
    Signal inputs = below.outputs(pass.rows());
    int all = pass.rows(positions);
    if (ofBatch && pass.training()) {
      measure(calls, inputs, all);
    } else {
      calls.elements(
          "take_moving",
          width,
          new Arguments()
              .pointer(moving)
              .pointer(gamma)
              .pointer(beta)
              .pointer(features)
              .integer(width)
              .real(layer.epsilon()));
    }
    calls.rows(
        "batch_norm_forward",
        all,
        new Arguments()
            .pointer(inputs.address())
            .integer(inputs.stride())
            .pointer(features)
            .pointer(outputs)
            .integer(all)
            .integer(width));
  }

  private void measure(KernelCalls calls, Signal inputs, int all) {
    int slices = slices(all);
    calls.columns(
        "measure_features",
        width,
        slices,
        new Arguments()
            .pointer(inputs.address())
            .integer(inputs.stride())
            .pointer(mask)
            .pointer(partial)
            .integer(all)
            .integer(width));
    calls.elements(
        "join_features",
        width,
        new Arguments()
            .pointer(partial)
            .integer(slices)
            .pointer(moving)
            .pointer(gamma)
            .pointer(beta)
            .pointer(features)
            .integer(width)
            .real(layer.epsilon())
            .real(layer.momentum())
            .real(1 - layer.momentum()));
  }

  @Override
  public void backward(CudaPass pass) {
    KernelCalls calls = pass.calls();
    Signal inputs = below.outputs(pass.rows());
    int all = pass.rows(positions);
    if (ofBatch) {
      int slices = slices(all);
      calls.columns(
          "measure_back",
          width,
          slices,
          new Arguments()
              .pointer(inputs.address())
              .integer(inputs.stride())
              .pointer(gradients)
              .pointer(features)
              .pointer(partial)
              .integer(all)
              .integer(width));
      calls.sumSlices(partial, sums, 2 * width, slices);
    }
    if (learns) {
      long byBeta = gradient + (layer.scale() ? (long) width * Float.BYTES : 0);
      if (layer.scale()) {
        copy(calls, sums, gradient);
      }
      if (layer.center()) {
        copy(calls, sums + (long) width * Float.BYTES, byBeta);
      }
    }
    if (below.outputGradients() != 0) {
      calls.rows(
          "batch_norm_backward",
          all,
          new Arguments()
              .pointer(inputs.address())
              .integer(inputs.stride())
              .pointer(gradients)
              .pointer(features)
              .pointer(sums)
              .pointer(mask)
              .pointer(below.outputGradients())
              .integer(all)
              .integer(width));
    }
  }

  private void copy(KernelCalls calls, long from, long to) {
    calls.applyFunction(new Signal(from, width), to, 1, width, Activation.LINEAR);
  }
}
