package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.RmsNormalization;
import dev.lanewise.engine.tensor.Shape;

/** Each vector by itself, with mean 0 and variance 1, or with a length alone; see norm.cu. */
public final class CudaVectorNormalization implements CudaLayer {
  private static final int MOST_SLICES = 64;
  private static final int SHORTEST_SLICE = 64;

  /** What Keras multiplies a vector by at most that is to have length 1. */
  private static final double MOST = 1e12;

  /** What is done to a vector; the numbers are those of norm.cu. */
  private enum Kind {
    OF_LAYER(0),
    OF_ROOT_MEAN_SQUARE(1),
    OF_LENGTH(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private final Kind kind;
  private final boolean scales;
  private final boolean centers;
  private final double limit;
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

  private CudaVectorNormalization(
      LayerMemory memory,
      Kind kind,
      boolean scales,
      boolean centers,
      double limit,
      Shape input,
      CudaSource below) {
    this.kind = kind;
    this.scales = scales;
    this.centers = centers;
    this.limit = limit;
    positions = input.positions();
    width = input.size(-1);
    this.below = below;
    gamma = scales ? memory.weights() : 0;
    beta = centers ? memory.after(scales ? width : 0).weights() : 0;
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

  public static CudaVectorNormalization of(
      LayerMemory memory, LayerNormalization layer, Shape input, CudaSource below) {
    return new CudaVectorNormalization(
        memory, Kind.OF_LAYER, layer.scale(), layer.center(), layer.epsilon(), input, below);
  }

  public static CudaVectorNormalization of(
      LayerMemory memory, RmsNormalization layer, Shape input, CudaSource below) {
    Kind kind = Kind.OF_ROOT_MEAN_SQUARE;
    return new CudaVectorNormalization(memory, kind, true, false, layer.epsilon(), input, below);
  }

  /** Builds a {@link dev.lanewise.engine.layer.UnitNormalization}. */
  public static CudaVectorNormalization ofLength(
      LayerMemory memory, Shape input, CudaSource below) {
    return ofLength(memory, MOST, input, below);
  }

  /**
   * Builds vectors of length 1.
   *
   * @param most what a vector is multiplied by at most
   */
  public static CudaVectorNormalization ofLength(
      LayerMemory memory, double most, Shape input, CudaSource below) {
    return new CudaVectorNormalization(memory, Kind.OF_LENGTH, false, false, most, input, below);
  }

  private int count() {
    return ((scales ? 1 : 0) + (centers ? 1 : 0)) * width;
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
                .integer(kind.code)
                .real(limit));
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
                  .integer(width)
                  .integer(kind.code)
                  .real(limit));
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
                  .integer(scales ? 1 : 0)
                  .integer(centers ? 1 : 0));
      pass.calls().sumSlices(partial, gradient, count(), slices);
    }
  }
}
