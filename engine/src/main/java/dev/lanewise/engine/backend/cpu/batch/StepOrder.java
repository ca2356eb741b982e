package dev.lanewise.engine.backend.cpu.batch;

import java.util.Arrays;

/**
 * The order in which the steps of some samples are gone through where each is a sequence of its
 * own: as they come, or those with the longest work first, so that what is blank at the beginnings
 * need not be gone through. Equals keep their order: it is a function of the samples.
 */
public final class StepOrder {
  private final int steps;
  private final int[] ids;
  private final int[] leads;
  private final int[] unsorted;
  private final int[] starts;

  /**
   * Makes room.
   *
   * @param mostRows the most samples
   * @param steps the steps of each
   * @param most the most that are blank at the beginning of one
   */
  public StepOrder(int mostRows, int steps, int most) {
    this.steps = steps;
    int count = Math.multiplyExact(mostRows, steps);
    ids = new int[count];
    leads = new int[count];
    unsorted = new int[count];
    starts = new int[most + 2];
    Arrays.setAll(ids, i -> i);
  }

  /** Says how much of a step of a row is blank at its beginning, before {@link #sort}. */
  public void setLead(int row, int step, int lead) {
    unsorted[row * steps + step] = Math.min(lead, starts.length - 2);
  }

  /** Puts the steps of so many rows, of which all leads have been set, in order. */
  public void sort(int rows) {
    Arrays.fill(starts, 0);
    int count = rows * steps;
    for (int id = 0; id < count; id++) {
      starts[unsorted[id] + 1]++;
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    for (int id = 0; id < count; id++) {
      int place = starts[unsorted[id]]++;
      ids[place] = id;
      leads[place] = unsorted[id];
    }
  }

  /** Returns the row whose step comes at a place. */
  public int row(int place) {
    return ids[place] / steps;
  }

  /** Returns which of its row's steps comes at a place. */
  public int step(int place) {
    return ids[place] % steps;
  }

  /** Returns how much is blank at the beginning of the step at a place, and of all behind it. */
  public int lead(int place) {
    return leads[place];
  }
}
