package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a walk works on at each of its steps: all, those whose blank beginning is over, or
 * those in which the step counts. They are gone over from run to run of neighbours, which a step
 * has one of where nothing is masked, or where samples are ordered by their length.
 */
final class WalkRows {
  private final CpuRecurrent layer;
  private final @Nullable StepMask mask;

  /** By step: how many rows, from the first on, are at work. */
  private final int[] begun;

  private int count;

  /**
   * Makes them.
   *
   * @param mask of the layer's input; absent where all steps count
   */
  WalkRows(CpuRecurrent layer, @Nullable StepMask mask) {
    this.layer = layer;
    this.mask = mask;
    begun = new int[layer.steps];
  }

  /** Begins with so many rows, which are all at work from the first step on. */
  void begin(int rows) {
    count = rows;
    Arrays.fill(begun, rows);
  }

  /** Begins with a pass's rows, each at work from the end of its blank beginning on. */
  void beginAfterBlank(Pass pass) {
    count = pass.rows();
    int row = 0;
    for (int t = 0; t < begun.length; t++) {
      while (row < count && pass.lead(row) <= t) {
        row++;
      }
      begun[t] = row;
    }
  }

  /**
   * Returns how many rows, from the first on, are at work at step {@code t}; none before step 0.
   */
  int begun(int t) {
    return t < 0 ? 0 : begun[t];
  }

  /** Returns the first step that all rows are at work at. */
  int allBegun() {
    int t = 0;
    while (begun[t] < count) {
      t++;
    }
    return t;
  }

  /** Returns how many rows there are. */
  int count() {
    return count;
  }

  /** Returns whether there is a mask, so that not all rows need be worked on. */
  boolean masked() {
    return mask != null;
  }

  /** Returns the first row from {@code row} on that step {@code t} works on, or their count. */
  int next(int t, int row) {
    if (mask == null) {
      return row < begun[t] ? row : count;
    }
    return mask.nextUsed(layer.maskStep(t), row);
  }

  /** Returns where the run of rows ends that begins with {@code row}. */
  int end(int t, int row) {
    return mask == null ? Math.max(row, begun[t]) : mask.nextMasked(layer.maskStep(t), row);
  }

  /** Returns how many rows all steps from {@code first} to {@code last} work on. */
  int sum(int first, int last) {
    int sum = 0;
    for (int t = first; t <= last; t++) {
      sum += mask == null ? begun[t] : mask.used(layer.maskStep(t));
    }
    return sum;
  }

  /** Returns the first step from {@code t} on that works on any row, or the steps' count. */
  int firstStep(int t) {
    int step = t;
    while (step < layer.steps && next(step, 0) == count) {
      step++;
    }
    return step;
  }

  /** Returns the step after the last that works on any row, 0 where none does. */
  int endStep() {
    int end = layer.steps;
    while (end > 0 && next(end - 1, 0) == count) {
      end--;
    }
    return end;
  }
}
