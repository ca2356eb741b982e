package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * A shard's memory for all steps of a recurrent layer.
 *
 * <p>Row r of step t is {@code [padding | x_t | h_t | padding]}, h_t being the state before the
 * step, at a multiple of 16 columns, so that its vectors are aligned; x_t ends just before it, so
 * that both are one operand of a product. Steps lie in memory from the last to the first, the order
 * in which the backward pass walks them, so that the rows of several steps are one tall operand of
 * A^T B, and taking more or fewer of them at a time leaves the chain of additions as it is: bits do
 * not depend on the group.
 *
 * <p>Gradients by the sums live for a group of steps at a time, long enough to make the weight
 * gradient's inner size about {@value #GROUP_ROWS} (each product loads and stores all of the weight
 * gradient once, which short ones do not pay for), short enough to be still in the second-level
 * cache when they are used. Two groups take turns, since a group's first gradient is computed from
 * the last of the group before.
 */
final class RnnSteps {
  private static final int GROUP_ROWS = 75;

  private final int rows;
  private final int steps;
  private final int group;
  private final Matrix[] x;
  private final Matrix[] h;
  private final Matrix[] joined;
  private final Matrix[] groupJoined;
  private final Matrix[] dz;
  private final Matrix[] groupDz;
  private final Matrix weightGradient;
  private final Matrix biasGradient;

  RnnSteps(
      LayerContext context,
      int steps,
      int features,
      int units,
      Matrix weightGradient,
      Matrix biasGradient) {
    this.steps = steps;
    this.weightGradient = weightGradient;
    this.biasGradient = biasGradient;
    rows = context.rows();
    group = Math.clamp(Math.ceilDiv(GROUP_ROWS, rows), 1, steps);
    int hColumn = Kernels.padded(features);
    int xColumn = hColumn - features;
    int width = Math.addExact(hColumn, units);
    Tensor values =
        context.arena().tensor("steps", Shape.of(steps + 1, rows, width), Kernels.padded(width));
    Tensor gradients =
        context
            .arena()
            .tensor("step gradients", Shape.of(2 * group, rows, units), Kernels.padded(units));
    x = new Matrix[steps];
    joined = new Matrix[steps];
    h = new Matrix[steps + 1];
    for (int t = 0; t <= steps; t++) {
      long row = (long) (steps - t) * rows;
      h[t] = values.matrix(row, rows, hColumn, units);
      if (t < steps) {
        x[t] = values.matrix(row, rows, xColumn, features);
        joined[t] = values.matrix(row, rows, xColumn, features + units);
      }
    }
    dz = new Matrix[2 * group];
    for (int i = 0; i < dz.length; i++) {
      dz[i] = gradients.matrix((long) i * rows, rows, 0, units);
    }
    int groups = Math.ceilDiv(steps, group);
    groupJoined = new Matrix[groups];
    groupDz = new Matrix[groups];
    for (int g = 0; g < groups; g++) {
      int tall = Math.min(group, steps - g * group) * rows;
      groupJoined[g] =
          values.matrix((1 + (long) g * group) * rows, tall, xColumn, features + units);
      groupDz[g] = gradients.matrix((long) (g & 1) * group * rows, tall, 0, units);
    }
  }

  /** Returns x by step. */
  Matrix[] x() {
    return x;
  }

  /** Returns h by step, from the zero state 0 to the last state. */
  Matrix[] h() {
    return h;
  }

  /** Returns [x_t | h_t] by step. */
  Matrix[] joined() {
    return joined;
  }

  Matrix biasGradient() {
    return biasGradient;
  }

  /** Returns the states that are the layer's outputs; a fresh array. */
  Matrix[] outputs(boolean sequences) {
    return Arrays.copyOfRange(h, sequences ? 1 : steps, steps + 1);
  }

  /** Returns the place of the gradient by the sums of step {@code t}. */
  Matrix dz(int t) {
    int walked = steps - 1 - t;
    return dz[((walked / group) & 1) * group + walked % group];
  }

  /** Returns whether the walk back has a whole group of gradients once it is at step {@code t}. */
  boolean endsGroup(int t) {
    return t == 0 || (steps - t) % group == 0;
  }

  /**
   * Adds the group that ends at step {@code t} to the weight gradients. A shard that is not full
   * has gaps between its steps and goes step by step, which is the same chain of additions.
   */
  void addWeightGradients(
      CheckedKernels kernels, int t, int filled, Matrix zeros, boolean withBias) {
    int g = (steps - 1 - t) / group;
    if (filled == rows) {
      Matrix b = groupDz[g];
      Matrix begin = g == 0 ? zeros : weightGradient;
      kernels.gemmTransposedA(b.rows(), groupJoined[g], b, begin, weightGradient);
      if (withBias) {
        kernels.columnSums(b.rows(), b, biasGradient);
      }
      return;
    }
    int first = steps - 1 - g * group;
    for (int step = first; step >= t; step--) {
      Matrix begin = step == steps - 1 ? zeros : weightGradient;
      kernels.gemmTransposedA(filled, joined[step], dz(step), begin, weightGradient);
      if (withBias) {
        kernels.columnSums(filled, dz(step), biasGradient);
      }
    }
  }
}
