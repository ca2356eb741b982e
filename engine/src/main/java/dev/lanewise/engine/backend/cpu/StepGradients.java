package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

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
final class StepGradients implements StepBlocks {
  private static final int GROUP_ROWS = 75;

  private final RecurrentWeights weights;
  private final GateLayout gates;
  private final Steps values;
  private final int steps;
  private final Tensor gradients;
  private final Matrix[] dz;
  private int rows;
  private int group;
  private Matrix[] groupJoined;
  private Matrix[] groupDz;
  private Matrix[] groupInner;
  private @Nullable Steps inner;

  StepGradients(RunContext context, Steps values, CpuRecurrent layer) {
    weights = layer.weights;
    this.values = values;
    steps = layer.steps;
    gates = layer.weights.gates;
    int columns = gates.columns();
    int tallest = Math.min(GROUP_ROWS + context.rows() - 1, steps * context.rows());
    Shape shape = Shape.of(2 * tallest, columns);
    gradients = context.arena().tensor("step gradients", shape, Kernels.stride(columns));
    dz = new Matrix[steps];
    layOut(context.rows());
  }

  /** Has the inner sums' operands give their part of the gradients, too. */
  void include(Steps innerSteps) {
    inner = innerSteps;
    layOut(rows);
  }

  /** Groups steps of so many rows, at most the context's. */
  void layOut(int newRows) {
    rows = newRows;
    group = Math.clamp(Math.ceilDiv(GROUP_ROWS, rows), 1, steps);
    for (int t = 0; t < steps; t++) {
      dz[t] = at(t, 0, gates.blocks());
    }
    int groups = Math.ceilDiv(steps, group);
    groupJoined = new Matrix[groups];
    groupDz = new Matrix[groups];
    groupInner = new Matrix[inner == null ? 0 : groups];
    for (int g = 0; g < groups; g++) {
      int tall = Math.min(group, steps - g * group) * rows;
      int last = steps - 1 - g * group;
      groupJoined[g] = values.joined(last, tall);
      if (inner != null) {
        groupInner[g] = inner.joined(last, tall);
      }
      groupDz[g] = gradients.matrix((long) (g & 1) * group * rows, tall, 0, gates.columns());
    }
  }

  @Override
  public Matrix at(int t, int block, int count) {
    int walked = steps - 1 - t;
    int place = ((walked / group) & 1) * group + walked % group;
    return gradients.matrix((long) place * rows, rows, gates.column(block), gates.width(count));
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
      if (inner != null) {
        weights.addInnerGradients(kernels, depth, groupInner[g], groupDz[g], g == 0, shard);
      }
      return;
    }
    for (int step = steps - 1 - g * group; step >= t; step--) {
      boolean first = step == steps - 1;
      weights.addGradients(kernels, filled, values.joined(step), dz(step), first, shard);
      if (inner != null) {
        weights.addInnerGradients(kernels, filled, inner.joined(step), dz(step), first, shard);
      }
    }
  }
}
