package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * What a layer is made with.
 *
 * @param arena takes its memory
 * @param kernels does its work
 * @param shards the most shards of a batch
 * @param rows the most rows of a shard
 * @param slots the arrays that the optimizer keeps a parameter
 * @param zeros a row of zeros, as wide as the widest matrix of the plan
 * @param below the layer below, absent for the first
 */
record LayerContext(
    TensorArena arena,
    CheckedKernels kernels,
    int shards,
    int rows,
    int slots,
    Tensor zeros,
    @Nullable CpuLayer below) {

  /** Returns a parameter of this plan. */
  CpuParameter parameter(String label, int parameterRows, int columns) {
    return new CpuParameter(arena, label, parameterRows, columns, shards, slots);
  }

  /** Returns one matrix [rows, width] a shard and position. */
  Matrix[][] signals(String label, int positions, int width) {
    Tensor tensor =
        arena.tensor(label, Shape.of(shards, positions, rows, width), Kernels.padded(width));
    Matrix[][] signals = new Matrix[shards][positions];
    for (int shard = 0; shard < shards; shard++) {
      for (int p = 0; p < positions; p++) {
        long first = ((long) shard * positions + p) * rows;
        signals[shard][p] = tensor.matrix(first, rows, 0, width);
      }
    }
    return signals;
  }

  /** Returns a row of zeros of this width. */
  Matrix zeroRow(int width) {
    return zeros.matrix(0, 1, 0, width);
  }

  /** Returns the kernel-level function of an activation that acts on each element alone. */
  static Elementwise elementwise(Activation activation) {
    return switch (activation) {
      case LINEAR -> Elementwise.LINEAR;
      case RELU -> Elementwise.RELU;
      case TANH -> Elementwise.TANH;
      case SIGMOID -> Elementwise.SIGMOID;
      case SOFTMAX ->
          throw new IllegalArgumentException("softmax does not act on each element alone");
    };
  }
}
