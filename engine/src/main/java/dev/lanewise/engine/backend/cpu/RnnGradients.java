package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;

/**
 * A run's gradients by the sums of a recurrent layer, and the weight gradients that they add up to.
 *
 * <p>They live for a group of steps at a time, long enough to make the weight gradient's inner size
 * about {@value #GROUP_ROWS} (each product loads and stores all of the weight gradient once, which
 * short ones do not pay for), short enough to be still in the second-level cache when they are
 * used. Two groups take turns, since a group's first gradient is computed from the last of the
 * group before. Steps lie in {@link RnnSteps} in the order of this walk, so that taking more or
 * fewer of them at a time leaves the chain of additions as it is: bits do not depend on the group.
 */
final class RnnGradients {
  private static final int GROUP_ROWS = 75;

  private final CpuSimpleRnn layer;
  private final RnnSteps values;
  private final int steps;
  private final Tensor gradients;
  private int rows;
  private int group;
  private Matrix[] dz;
  private Matrix[] groupJoined;
  private Matrix[] groupDz;

  RnnGradients(RunContext context, RnnSteps values, CpuSimpleRnn layer) {
    this.layer = layer;
    this.values = values;
    steps = layer.steps;
    int tallest = Math.min(GROUP_ROWS + context.rows() - 1, steps * context.rows());
    Shape shape = Shape.of(2 * tallest, layer.units);
    gradients = context.arena().tensor("step gradients", shape, Kernels.stride(layer.units));
    layOut(context.rows());
  }

  /** Groups steps of so many rows, at most the context's. */
  void layOut(int newRows) {
    rows = newRows;
    group = Math.clamp(Math.ceilDiv(GROUP_ROWS, rows), 1, steps);
    dz = new Matrix[2 * group];
    for (int i = 0; i < dz.length; i++) {
      dz[i] = gradients.matrix((long) i * rows, rows, 0, layer.units);
    }
    int groups = Math.ceilDiv(steps, group);
    groupJoined = new Matrix[groups];
    groupDz = new Matrix[groups];
    for (int g = 0; g < groups; g++) {
      int tall = Math.min(group, steps - g * group) * rows;
      groupJoined[g] = values.joined(steps - 1 - g * group, tall);
      groupDz[g] = gradients.matrix((long) (g & 1) * group * rows, tall, 0, layer.units);
    }
  }

  /** Returns the place of the gradient by the sums of step {@code t}. */
  Matrix dz(int t) {
    int walked = steps - 1 - t;
    return dz[((walked / group) & 1) * group + walked % group];
  }

  /** Returns whether the walk back has a whole group of gradients once it is at step {@code t}. */
  boolean endsGroup(int t) {
    return (steps - t) % group == 0;
  }

  /**
   * Adds the group that ends at step {@code t} to a shard's weight gradients. Rows that are not all
   * in use leave gaps between the steps: these go step by step, which is the same chain of
   * additions.
   */
  void addWeightGradients(CheckedKernels kernels, int t, int filled, int shard) {
    int g = (steps - 1 - t) / group;
    if (filled == rows) {
      int depth = (steps - g * group - t) * rows;
      add(kernels, depth, groupJoined[g], groupDz[g], g == 0, shard);
      return;
    }
    for (int step = steps - 1 - g * group; step >= t; step--) {
      add(kernels, filled, values.joined(step), dz(step), step == steps - 1, shard);
    }
  }

  private void add(
      CheckedKernels kernels, int depth, Matrix a, Matrix b, boolean first, int shard) {
    Matrix weightGradient = layer.weightGradients[shard];
    Matrix begin = first ? layer.zeroUnits : weightGradient;
    kernels.gemmTransposedA(depth, a, b, begin, weightGradient);
    if (layer.biased) {
      kernels.columnSums(depth, b, layer.biasGradients[shard]);
    }
  }
}
