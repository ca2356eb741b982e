package dev.lanewise.engine.backend.cpu.batch;

import java.util.BitSet;

/**
 * Which steps of the rows at hand count, beside the values between two layers: one worker's, set
 * anew by the layer that makes it each time rows go through, and read by those above.
 *
 * <p>Readers go from run to run of rows that count: in a batch whose samples are ordered by their
 * length, a step has one.
 */
public final class StepMask {
  private final BitSet[] used;
  private int rows;

  /**
   * Makes room.
   *
   * @param steps the steps of a sequence
   * @param mostRows the most rows at a time
   */
  public StepMask(int steps, int mostRows) {
    used = new BitSet[steps];
    for (int t = 0; t < steps; t++) {
      used[t] = new BitSet(mostRows);
    }
  }

  /** Begins with so many rows, all of whose steps are masked. */
  public void begin(int count) {
    rows = count;
    for (BitSet step : used) {
      step.clear();
    }
  }

  /** Lets a step of a row count. */
  public void use(int step, int row) {
    used[step].set(row);
  }

  /** Lets all rows of a step count. */
  public void useAll(int step) {
    used[step].set(0, rows);
  }

  /**
   * Lets the steps count that another mask of the same rows lets count.
   *
   * @param from the step that is the other's first
   */
  public void use(int from, StepMask other) {
    for (int t = 0; t < other.used.length; t++) {
      used[from + t].or(other.used[t]);
    }
  }

  /** Lets no steps count that another mask of the same rows, and as many steps, does not. */
  public void keep(StepMask other) {
    for (int t = 0; t < used.length; t++) {
      used[t].and(other.used[t]);
    }
  }

  /** Returns whether a step of a row counts. */
  public boolean uses(int step, int row) {
    return used[step].get(row);
  }

  /** Returns in how many rows a step counts. */
  public int used(int step) {
    return used[step].cardinality();
  }

  /** Returns whether a step counts in no row. */
  public boolean usesNone(int step) {
    return used[step].isEmpty();
  }

  /**
   * Returns the first row from {@code row} on in which a step counts, or how many rows there are.
   */
  public int nextUsed(int step, int row) {
    int next = used[step].nextSetBit(row);
    return next < 0 ? rows : next;
  }

  /** Returns the first row from {@code row} on in which a step does not, or how many there are. */
  public int nextMasked(int step, int row) {
    return Math.min(rows, used[step].nextClearBit(row));
  }
}
