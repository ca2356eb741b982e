package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.backend.Windows;

/**
 * A part of a sequence's steps, as a plan takes long sequences: {@code steps} of {@code of}, from
 * {@code first} on. It is told in numbers of anything that there is alike of at each step.
 *
 * @param first the first step
 * @param steps how many steps
 * @param of how many the whole sequence has
 */
public record StepWindow(int first, int steps, int of) {
  /** All there is, of samples that need not be sequences. */
  public static final StepWindow WHOLE = new StepWindow(0, 1, 1);

  /** Returns the windows of a sequence, in their order. */
  public static StepWindow[] all(Windows windows) {
    StepWindow[] all = new StepWindow[windows.count()];
    for (int w = 0; w < all.length; w++) {
      all[w] = new StepWindow(w * windows.length(), windows.stepsOf(w), windows.steps());
    }
    return all;
  }

  /** Returns how many of all values, or steps, lie before. */
  public int before(int all) {
    return all / of * first;
  }

  /** Returns how many of all values, or steps, lie within. */
  public int within(int all) {
    return all / of * steps;
  }

  /** Returns how many values, or steps, there are in all if so many are within. */
  public int whole(int within) {
    return within / steps * of;
  }
}
