package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.Panels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run's gradients by the sums of a recurrent layer, and the weight gradients that they add up to.
 *
 * <p>They live for a group of steps at a time. Two groups take turns, since a group's first
 * gradient is computed from the last of the group before. Steps lie in {@link Steps} in the order
 * of this walk, so that taking more or fewer of them at a time leaves the chain of additions as it
 * is: bits do not depend on the group.
 */
final class StepGradients implements StepBlocks {
  /** The share of a group's rows from which on all of them in one product take less time. */
  private static final double MOSTLY = 0.7;

  private final RecurrentWeights weights;
  private final GateLayout gates;
  private final Tensor gradients;
  private final Matrix[] dz;

  /** The gradients of one product, where those want panels. */
  private final @Nullable Panels packed;

  private StepGroups groups;
  private Matrix[] groupDz;
  private List<Factor> factors = List.of();

  StepGradients(RunContext context, CpuRecurrent layer) {
    weights = layer.weights;
    gates = layer.weights.gates;
    int columns = gates.columns();
    Shape shape = Shape.of(2 * StepGroups.tallest(layer.steps, context.rows()), columns);
    gradients = context.arena().tensor("step gradients", shape, Kernels.stride(columns));
    int tallest = Math.min(StepGroups.mostRows(), (int) gradients.rowCount());
    packed = weights.packedGradients(context, tallest);
    dz = new Matrix[layer.steps];
    layOut(context.rows());
  }

  /** Has the weight gradients be those of products with these factors. */
  void of(List<Factor> all) {
    factors = all;
    layOut(groups.rows());
  }

  /** Groups steps of so many rows, at most the context's. */
  void layOut(int rows) {
    groups = StepGroups.of(dz.length, rows);
    for (int t = 0; t < dz.length; t++) {
      dz[t] = at(t, 0, gates.blocks());
    }
    groupDz = new Matrix[groups.count()];
    for (int g = 0; g < groupDz.length; g++) {
      groupDz[g] = gradients.matrix(firstRow(g), groups.tall(g), 0, gates.columns());
    }
    for (Factor factor : factors) {
      factor.layOut(groups);
    }
  }

  private long firstRow(int group) {
    return (long) (group & 1) * groups.size() * groups.rows();
  }

  @Override
  public Matrix at(int t, int block, int count) {
    int group = groups.of(t);
    long first = firstRow(group) + (long) (groups.last(group) - t) * groups.rows();
    return gradients.matrix(first, groups.rows(), gates.column(block), gates.width(count));
  }

  /** Returns the place of the gradient by the sums of step {@code t}. */
  Matrix dz(int t) {
    return dz[t];
  }

  /** Returns whether the walk back has a whole group of gradients once it is at step {@code t}. */
  boolean endsGroup(int t) {
    return groups.ends(t);
  }

  /**
   * Adds the group that ends at step {@code t} to a shard's weight gradients. Rows that are not all
   * in use leave gaps: few of them become zeros, which add nothing; with more, the group goes step
   * by step, which is the same chain of additions.
   *
   * @param used the rows that have gradients at each step
   */
  void addWeightGradients(CheckedKernels kernels, int t, WalkRows used, int shard) {
    if (!weights.isTrained()) {
      return;
    }
    int group = groups.of(t);
    int last = groups.last(group);
    int depth = (last + 1 - t) * groups.rows();
    int filled = used.sum(t, last);
    if (used.count() == groups.rows() && filled >= MOSTLY * depth) {
      for (int step = t; filled < depth && step <= last; step++) {
        clearGaps(kernels, step, used);
      }
      boolean begins = group == 0 && !used.masked();
      for (int f = 0; f < factors.size(); f++) { // an iterator would be allocated
        Factor factor = factors.get(f);
        add(kernels, 0, depth, factor, factor.ofGroup(group), groupDz[group], begins, shard);
      }
      weights.addBiasGradient(kernels, 0, depth, groupDz[group], shard);
      return;
    }
    for (int step = last; step >= t; step--) {
      for (int row = used.next(step, 0), end; row < used.count(); row = used.next(step, end)) {
        end = used.end(step, row);
        addWeightGradients(kernels, step, row, end - row, used, shard);
      }
    }
  }

  private void clearGaps(CheckedKernels kernels, int t, WalkRows used) {
    for (int row = used.end(t, 0), to; row < used.count(); row = used.end(t, to)) {
      to = used.next(t, row);
      kernels.start(row, to - row, weights.zeroColumns, dz[t]);
      for (int f = 0; f < factors.size(); f++) {
        factors.get(f).clear(t, row, to - row);
      }
    }
  }

  private void addWeightGradients(
      CheckedKernels kernels, int t, int first, int count, WalkRows used, int shard) {
    boolean begins = t == dz.length - 1 && !used.masked();
    for (int f = 0; f < factors.size(); f++) {
      Factor factor = factors.get(f);
      add(kernels, first, count, factor, factor.ofStep(t, first, count), dz[t], begins, shard);
    }
    weights.addBiasGradient(kernels, first, count, dz[t], shard);
  }

  /** Begins a shard's weight gradients with zeros, as a walk does that may have no step at all. */
  void clearWeightGradients(CheckedKernels kernels, int shard) {
    if (!weights.isTrained()) {
      return;
    }
    for (int f = 0; f < factors.size(); f++) {
      List<WeightColumns> columns = factors.get(f).columns();
      for (int c = 0; c < columns.size(); c++) {
        columns.get(c).clearGradient(kernels, shard);
      }
    }
  }

  private void add(
      CheckedKernels kernels,
      int first,
      int depth,
      Factor factor,
      Matrix operand,
      Matrix of,
      boolean begins,
      int shard) {
    List<WeightColumns> columns = factor.columns();
    for (int done = 0, tall; done < depth; done += tall) { // the same chain, cut
      tall = StepGroups.next(depth - done);
      for (int c = 0; c < columns.size(); c++) {
        boolean atFirst = begins && done == 0;
        columns
            .get(c)
            .addGradient(kernels, first + done, tall, operand, of, packed, atFirst, shard);
      }
    }
  }
}
