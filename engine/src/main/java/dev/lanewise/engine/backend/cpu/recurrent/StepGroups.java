package dev.lanewise.engine.backend.cpu.recurrent;

/**
 * Steps in groups, in the order of the walk back, whose rows together make a tall operand of the
 * weights' gradient: about {@value #ROWS}, since each product loads and stores all of the gradient
 * once, which short ones do not pay for, and taller ones are no longer in the second-level cache.
 *
 * @param steps all steps
 * @param rows the rows of each
 * @param size the steps of a group, of which the last has the rest
 */
record StepGroups(int steps, int rows, int size) {
  private static final int ROWS = 75;

  /** Returns the groups of steps of so many rows. */
  static StepGroups of(int steps, int rows) {
    return new StepGroups(steps, rows, Math.clamp(Math.ceilDiv(ROWS, rows), 1, steps));
  }

  /** Returns how many of so many rows that are left are the next operand: as even as can be. */
  static int next(int left) {
    return Math.ceilDiv(left, Math.ceilDiv(left, mostRows()));
  }

  /** Returns the most rows of an operand. */
  static int mostRows() {
    return 2 * ROWS;
  }

  /** Returns the most rows of a group, whatever the rows of a step up to {@code mostRows}. */
  static int tallest(int steps, int mostRows) {
    return Math.min(ROWS + mostRows - 1, Math.multiplyExact(steps, mostRows));
  }

  int count() {
    return Math.ceilDiv(steps, size);
  }

  /** Returns the group of a step. */
  int of(int t) {
    return (steps - 1 - t) / size;
  }

  /** Returns the last step of a group, with which the walk back begins it. */
  int last(int group) {
    return steps - 1 - group * size;
  }

  /** Returns the steps of a group. */
  int steps(int group) {
    return Math.min(size, steps - group * size);
  }

  /** Returns the rows of a group's steps. */
  int tall(int group) {
    return steps(group) * rows;
  }

  /** Returns whether a step is the last that the walk back takes of its group, if it ends there. */
  boolean ends(int t) {
    return (steps - t) % size == 0;
  }
}
