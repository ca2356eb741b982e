package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Tensor;

/**
 * What is left of a walk's inputs and states under a gate's mask: of a step at a time, or of a
 * group of steps. All gates have it in one place, one after another, made again on the way back: it
 * is sooner made than fetched from where all gates' operands of all steps would have room.
 */
final class LeftOperand {
  private final CheckedKernels kernels;
  private final JoinedRow row;
  private final Steps steps;
  private final Tensor values;
  private final Matrix[] whole;
  private StepGroups groups;
  private Matrix[] places = {};
  private Matrix[] joined = {};
  private Operands first = Operands.ofNothing(false);
  private Operands later = first;

  LeftOperand(RunContext context, Steps steps, int count, JoinedRow row) {
    kernels = context.kernels();
    this.row = row;
    this.steps = steps;
    int tallest = StepGroups.tallest(count, context.rows());
    values = row.tensor(context, "what is left of the operands", 1, tallest);
    whole = new Matrix[count];
    groups = StepGroups.of(count, context.rows());
    layOut(context.rows());
  }

  /** Lets steps have so many rows, at most the context's. */
  void layOut(int rows) {
    for (int t = 0; t < whole.length; t++) {
      whole[t] = steps.whole(t);
    }
    groups = StepGroups.of(whole.length, rows);
    places = new Matrix[groups.size()];
    joined = new Matrix[groups.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = row.whole(values, (long) i * rows, rows);
      joined[i] = row.joined(values, 0, (i + 1) * rows);
    }
    Matrix inputs = row.inputs(values, 0, rows);
    first = Operands.ofInputs(inputs);
    later = new Operands(joined[0], inputs, row.state(values, 0, rows), false);
  }

  /** Makes it for a strip of a step's rows, and returns it. */
  Operands ofStep(int t, int firstRow, int count, DropMask mask) {
    kernels.elements().multiply(firstRow, count, whole[t], mask.whole(), places[0]);
    return steps.hasState(t) ? later : first;
  }

  /** Makes zeros of what it is made of, in some rows of a step. */
  void clear(int t, int first, int count) {
    steps.clear(t, first, count);
  }

  /** Returns [x | h] of the step that it was made for last. */
  Matrix joined() {
    return joined[0];
  }

  /** Makes it for all rows of a group of steps, and returns [x | h], the last step's first. */
  Matrix ofGroup(int group, DropMask mask) {
    int last = groups.last(group);
    int count = groups.steps(group);
    for (int i = 0; i < count; i++) {
      kernels.elements().multiply(0, groups.rows(), whole[last - i], mask.whole(), places[i]);
    }
    return joined[count - 1];
  }
}
