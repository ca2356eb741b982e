package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.recurrent.StepProducts.Factor;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

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
  private final int steps;
  private final Tensor gradients;
  private final Matrix[] dz;
  private int rows;
  private int group;
  private Matrix[] groupDz;
  private List<GroupFactor> factors = List.of();

  /** A factor's operands of whole groups of steps. */
  private record GroupFactor(Factor factor, List<Matrix> operands) {}

  StepGradients(RunContext context, CpuRecurrent layer) {
    weights = layer.weights;
    steps = layer.steps;
    gates = layer.weights.gates;
    int columns = gates.columns();
    int tallest = Math.min(GROUP_ROWS + context.rows() - 1, steps * context.rows());
    Shape shape = Shape.of(2 * tallest, columns);
    gradients = context.arena().tensor("step gradients", shape, Kernels.stride(columns));
    dz = new Matrix[steps];
    layOut(context.rows());
  }

  /** Groups steps of so many rows, at most the context's. */
  void layOut(int newRows) {
    rows = newRows;
    group = Math.clamp(Math.ceilDiv(GROUP_ROWS, rows), 1, steps);
    for (int t = 0; t < steps; t++) {
      dz[t] = at(t, 0, gates.blocks());
    }
    groupDz = new Matrix[Math.ceilDiv(steps, group)];
    for (int g = 0; g < groupDz.length; g++) {
      long first = (long) (g & 1) * group * rows;
      groupDz[g] = gradients.matrix(first, tall(g), 0, gates.columns());
    }
    factors = factors.stream().map(of -> grouped(of.factor)).toList();
  }

  /** Has the weight gradients be those of products with these factors. */
  void of(List<Factor> all) {
    factors = all.stream().map(this::grouped).toList();
  }

  private GroupFactor grouped(Factor factor) {
    List<Matrix> operands = new ArrayList<>();
    for (int g = 0; g < groupDz.length; g++) {
      operands.add(factor.steps().joined(steps - 1 - g * group, tall(g)));
    }
    return new GroupFactor(factor, List.copyOf(operands));
  }

  /** Returns the rows of a group's steps. */
  private int tall(int g) {
    return Math.min(group, steps - g * group) * rows;
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
    int last = steps - 1 - g * group;
    if (filled == rows) {
      int depth = (last + 1 - t) * rows;
      for (int f = 0; f < factors.size(); f++) { // an iterator would be allocated
        GroupFactor of = factors.get(f);
        add(kernels, depth, of.factor, of.operands.get(g), groupDz[g], g == 0, shard);
      }
      weights.addBiasGradient(kernels, depth, groupDz[g], shard);
      return;
    }
    for (int step = last; step >= t; step--) {
      for (int f = 0; f < factors.size(); f++) {
        Factor of = factors.get(f).factor;
        add(kernels, filled, of, of.steps().joined(step), dz[step], step == steps - 1, shard);
      }
      weights.addBiasGradient(kernels, filled, dz[step], shard);
    }
  }

  private static void add(
      CheckedKernels kernels,
      int depth,
      Factor factor,
      Matrix operand,
      Matrix dz,
      boolean begins,
      int shard) {
    List<WeightColumns> columns = factor.columns();
    for (int c = 0; c < columns.size(); c++) {
      columns.get(c).addGradient(kernels, depth, operand, dz, begins, shard);
    }
  }
}
