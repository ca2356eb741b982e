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
 * group before. Steps lie in {@link Steps} in the order of this walk, so that taking more or fewer
 * of them at a time leaves the chain of additions as it is: bits do not depend on the group.
 */
final class StepGradients {
  private static final int GROUP_ROWS = 75;

  private final RecurrentWeights weights;
  private final Steps values;
  private final int steps;
  private final Tensor gradients;
  private final Matrix[] dz;
  private int rows;
  private int group;
  private Matrix[] groupJoined;
  private Matrix[] groupDz;

  StepGradients(RunContext context, Steps values, CpuRecurrent layer) {
    weights = layer.weights;
    this.values = values;
    steps = layer.steps;
    int tallest = Math.min(GROUP_ROWS + context.rows() - 1, steps * context.rows());
    Shape shape = Shape.of(2 * tallest, weights.units);
    gradients = context.arena().tensor("step gradients", shape, Kernels.stride(weights.units));
    dz = new Matrix[steps];
    layOut(context.rows());
  }

  /** Groups steps of so many rows, at most the context's. */
  void layOut(int newRows) {
    rows = newRows;
    group = Math.clamp(Math.ceilDiv(GROUP_ROWS, rows), 1, steps);
    for (int t = 0; t < steps; t++) {
      int walked = steps - 1 - t;
      int place = ((walked / group) & 1) * group + walked % group;
      dz[t] = gradients.matrix((long) place * rows, rows, 0, weights.units);
    }
    int groups = Math.ceilDiv(steps, group);
    groupJoined = new Matrix[groups];
    groupDz = new Matrix[groups];
    for (int g = 0; g < groups; g++) {
      int tall = Math.min(group, steps - g * group) * rows;
      groupJoined[g] = values.joined(steps - 1 - g * group, tall);
      groupDz[g] = gradients.matrix((long) (g & 1) * group * rows, tall, 0, weights.units);
    }
  }

  /** Returns the places of the gradients by the sums, by step. */
  Matrix[] dz() {
    return dz;
  }

  /** Returns the place of the gradient by the sums of step {@code t}. */
  Matrix dz(int t) {
    return dz[t];
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
      weights.addGradients(kernels, depth, groupJoined[g], groupDz[g], g == 0, shard);
      return;
    }
    for (int step = steps - 1 - g * group; step >= t; step--) {
      boolean first = step == steps - 1;
      weights.addGradients(kernels, filled, values.joined(step), dz(step), first, shard);
    }
  }
}
