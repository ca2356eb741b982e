package dev.lanewise.engine.backend.cpu.loss;

import java.util.Arrays;

/**
 * Forward and backward variables of connectionist temporal classification for one sequence (Graves
 * et al. 2006, equations 5 to 15): the states are its labels with a blank before, between and
 * behind them, and a path stays, goes on to the next, or leaves out a blank between two labels that
 * differ.
 *
 * <p>Products of hundreds of probabilities are far below the least number of double precision. Each
 * is a mantissa with a count of its own of {@link #UNIT}s, a power of two, in place of a logarithm:
 * adding then takes no exponential, and what is lost is what a sum of doubles loses. Room is made
 * for the longest sequence so far and kept.
 */
final class CtcLattice {
  private static final int BITS = 512;
  private static final double UNIT = 0x1p512;
  private static final double PART = 0x1p-512;
  private static final double MOST = 0x1p256;
  private static final double LEAST = 0x1p-256;
  private static final double LOG_UNIT = BITS * 0.6931471805599453;

  private int steps;
  private int states;

  /** The class of each state's label; of blanks 0. */
  private int[] classes = new int[0];

  /** By step and state. */
  private Wide given = new Wide(0);

  private Wide forward = new Wide(0);

  /** By state, of one step. */
  private Wide backward = new Wide(0);

  private Wide next = new Wide(0);
  private double[] posteriors = new double[0];
  private double mantissa;
  private int units;

  /** Numbers with a wide exponent: {@code mantissas[i] UNIT^units[i]}. */
  private static final class Wide {
    private final double[] mantissas;
    private final int[] units;

    Wide(int count) {
      mantissas = new double[count];
      units = new int[count];
    }

    /** Returns one with room for more, this one if that is enough; what it holds is lost. */
    Wide of(int count) {
      return mantissas.length >= count ? this : new Wide(count);
    }

    void clear(int count) {
      Arrays.fill(mantissas, 0, count, 0);
      Arrays.fill(units, 0, count, 0);
    }

    /** Sets one near 1, so that sums and products of two stay within a double's range. */
    void set(int at, double value, int unit) {
      boolean large = value >= MOST;
      boolean small = value > 0 && value < LEAST;
      mantissas[at] = large ? value * PART : small ? value * UNIT : value;
      units[at] = large ? unit + 1 : small ? unit - 1 : unit;
    }

    /** Adds another to one. */
    void add(int at, double value, int unit) {
      double own = mantissas[at];
      if (own == 0 || value == 0) {
        if (own == 0) {
          mantissas[at] = value;
          units[at] = unit;
        }
      } else if (unit == units[at]) {
        mantissas[at] = own + value;
      } else if (unit < units[at]) {
        mantissas[at] = own + (unit == units[at] - 1 ? value * PART : 0);
      } else {
        mantissas[at] = value + (units[at] == unit - 1 ? own * PART : 0);
        units[at] = unit;
      }
    }
  }

  /** Begins with a sequence of so many steps and labels, which are told next. */
  void begin(int ofSteps, int labels) {
    steps = ofSteps;
    states = 2 * labels + 1;
    if (classes.length < states) {
      classes = new int[states];
      posteriors = new double[states];
    }
    int all = Math.multiplyExact(steps, states);
    given = given.of(all);
    forward = forward.of(all);
    backward = backward.of(states);
    next = next.of(states);
    for (int s = 0; s < states; s++) {
      classes[s] = 0;
    }
  }

  /** Tells the class of a label. */
  void label(int index, int of) {
    classes[2 * index + 1] = of;
  }

  int states() {
    return states;
  }

  int classOf(int state) {
    return classes[state];
  }

  /** Tells the logarithm of the probability of a label's class at a step. */
  void give(int step, int index, double logarithm) {
    give(step * states + 2 * index + 1, logarithm);
  }

  /** Tells that of a blank. */
  void giveBlank(int step, double logarithm) {
    int first = step * states;
    give(first, logarithm);
    for (int s = 2; s < states; s += 2) {
      given.mantissas[first + s] = given.mantissas[first];
      given.units[first + s] = given.units[first];
    }
  }

  private void give(int at, double logarithm) {
    int unit = (int) Math.floor(logarithm / LOG_UNIT);
    given.set(at, StrictMath.exp(logarithm - unit * LOG_UNIT), unit);
  }

  private boolean skips(int state) { // the blank between two labels that differ
    return state >= 3 && state % 2 == 1 && classes[state] != classes[state - 2];
  }

  /** Returns the logarithm of the probability of all paths: NaN if one of a class is. */
  double goForward() {
    forward.clear(steps * states);
    for (int s = 0; s < Math.min(2, states); s++) {
      forward.set(s, given.mantissas[s], given.units[s]);
    }
    for (int t = 1; t < steps; t++) {
      int at = t * states;
      int before = at - states;
      for (int s = 0; s < states; s++) {
        reach(at + s, before + s);
        if (s >= 1) {
          reach(at + s, before + s - 1);
        }
        if (skips(s)) {
          reach(at + s, before + s - 2);
        }
        times(forward, at + s, given, at + s);
      }
    }
    int last = (steps - 1) * states + states - 1;
    next.mantissas[0] = forward.mantissas[last];
    next.units[0] = forward.units[last];
    if (states > 1) {
      next.add(0, forward.mantissas[last - 1], forward.units[last - 1]);
    }
    mantissa = next.mantissas[0];
    units = next.units[0];
    return StrictMath.log(mantissa) + units * LOG_UNIT;
  }

  private void reach(int to, int from) {
    forward.add(to, forward.mantissas[from], forward.units[from]);
  }

  private static void times(Wide to, int at, Wide by, int from) {
    to.set(at, to.mantissas[at] * by.mantissas[from], to.units[at] + by.units[from]);
  }

  /**
   * Returns the share of all paths that are at each state at a step; steps are asked for from the
   * last to the first.
   */
  double[] goBack(int step) {
    if (step == steps - 1) {
      backward.clear(states);
      backward.set(states - 1, 1, 0);
      if (states > 1) {
        backward.set(states - 2, 1, 0);
      }
    } else {
      stepBack(step + 1);
    }
    for (int s = 0; s < states; s++) {
      int at = step * states + s;
      double share = forward.mantissas[at] * backward.mantissas[s] / mantissa;
      posteriors[s] = scaled(share, forward.units[at] + backward.units[s] - units);
    }
    return posteriors;
  }

  private void stepBack(int from) {
    for (int s = 0; s < states; s++) {
      times(backward, s, given, from * states + s);
    }
    next.clear(states);
    for (int s = 0; s < states; s++) {
      next.add(s, backward.mantissas[s], backward.units[s]);
      if (s + 1 < states) {
        next.add(s, backward.mantissas[s + 1], backward.units[s + 1]);
      }
      if (s + 2 < states && skips(s + 2)) {
        next.add(s, backward.mantissas[s + 2], backward.units[s + 2]);
      }
    }
    Wide used = backward;
    backward = next;
    next = used;
  }

  /** A share is at most 1, whatever its factors are. */
  private static double scaled(double share, int unit) {
    return Math.scalb(share, BITS * Math.clamp(unit, -4, 4));
  }
}
