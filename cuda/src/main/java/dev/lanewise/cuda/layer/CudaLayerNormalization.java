package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.tensor.Shape;

/** Each vector by itself, with mean 0 and variance 1; see norm.cu. */
public final class CudaLayerNormalization implements CudaLayer {
  private static final int MOST_SLICES = 64;
  private static final int SHORTEST_SLICE = 64;

  private final LayerNormalization layer;
  private final int positions;
  private final int width;
  private final CudaSource below;
  private final long gamma;
  private final long beta;
  private final boolean learns;
  private final long gradient;
  private final long normalized;
  private final long factors;
  private final long outputs;
  private final long gradients;
  private final long partial;

  public CudaLayerNormalization(
      LayerMemory memory, LayerNormalization layer, Shape input, CudaSource below) {
    this.layer = layer;
    positions = input.positions();
    width = input.size(-1);
    this.below = below;
    gamma = layer.scale() ? memory.weights() : 0;
    beta = layer.center() ? memory.after(layer.scale() ? width : 0).weights() : 0;
    learns = memory.learns();
    gradient = memory.gradient();
    normalized = memory.floats("normalized vectors", positions, width);
    factors = memory.floats("factors of a normalization", positions, 1);
    outputs = memory.floats("outputs of a normalization", positions, width);
    gradients = memory.trainingFloats("gradients by a normalization", positions, width);
    int most = slices(Math.multiplyExact(positions, memory.maximumRows()));
    partial =
        learns ? memory.arena().allocate("gradients of a normalization", (long) most * count()) : 0;
  }

  private int count() {
    return ((layer.scale() ? 1 : 0) + (layer.center() ? 1 : 0)) * width;
  }

  private static int slices(int rows) {
    return Math.clamp(Math.ceilDiv(rows, SHORTEST_SLICE), 1, MOST_SLICES);
  }

  @Override
  public Signal outputs(int rows) {
    return new Signal(outputs, width);
  }

  @Override
  public long outputGradients() {
    return gradients;
  }

  @Override
  public void forward(CudaPass pass) {
    Signal inputs = below.outputs(pass.rows());
    int all = pass.rows(positions);
    pass.calls()
        .rows(
            "norm_forward",
            all,
            new Arguments()
                .pointer(inputs.address())
                .integer(inputs.stride())
                .pointer(normalized)
                .pointer(factors)
                .pointer(gamma)
                .pointer(beta)
                .pointer(outputs)
                .integer(all)
                .integer(width)
                .real(layer.epsilon()));
  }

  @Override
  public void backward(CudaPass pass) {
    int all = pass.rows(positions);
    if (below.outputGradients() != 0) {
      pass.calls()
          .rows(
              "norm_backward",
              all,
              new Arguments()
                  .pointer(gradients)
                  .pointer(normalized)
                  .pointer(factors)
                  .pointer(gamma)
                  .pointer(below.outputGradients())
                  .integer(all)
                  .integer(width));
    }
    if (learns) {
      int slices = slices(all);
      pass.calls()
          .columns(
              "norm_weights",
              width,
              slices,
              new Arguments()
                  .pointer(gradients)
                  .pointer(normalized)
                  .pointer(partial)
                  .integer(all)
                  .integer(width)
                  .integer(layer.scale() ? 1 : 0)
                  .integer(layer.center() ? 1 : 0));
      pass.calls().sumSlices(partial, gradient, count(), slices);
    }
  }
}
