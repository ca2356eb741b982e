package dev.lanewise.engine.reference;

import java.util.Arrays;

/** Connectionist temporal classification by its equations, in logarithms. */
public final class ReferenceCtc {
  private static final double NONE = Double.NEGATIVE_INFINITY;

  private ReferenceCtc() {}

  /**
   * Returns the loss of one sequence.
   *
   * @param logits [steps, classes], row-major
   * @param labels filled with 0 behind, or not
   * @param gradient takes the gradient by the logits
   */
  public static double loss(double[] logits, int classes, int[] labels, double[] gradient) {
    int steps = logits.length / classes;
    int count = (int) Arrays.stream(labels).takeWhile(label -> label != 0).count();
    int[] states = new int[2 * count + 1];
    for (int i = 0; i < count; i++) {
      states[2 * i + 1] = labels[i];
    }
    double[][] y = new double[steps][];
    for (int t = 0; t < steps; t++) {
      y[t] = logSoftmax(Arrays.copyOfRange(logits, t * classes, (t + 1) * classes));
    }
    double[][] alpha = walked(y, states);
    // from the end, the sequence and its labels in reverse: with the probability at the step itself
    double[][] beta = walked(reversed(y), reversed(states));
    double all = sum(alpha[steps - 1], states.length - 2, states.length - 1);
    for (int t = 0; t < steps; t++) {
      for (int c = 0; c < classes; c++) {
        gradient[t * classes + c] = Math.exp(y[t][c]);
      }
      for (int s = 0; s < states.length; s++) {
        double both = alpha[t][s] + beta[steps - 1 - t][states.length - 1 - s] - y[t][states[s]];
        gradient[t * classes + states[s]] -= Math.exp(both - all);
      }
    }
    return -all;
  }

  private static double[][] walked(double[][] y, int[] states) {
    double[][] alpha = new double[y.length][states.length];
    for (int t = 0; t < y.length; t++) {
      for (int s = 0; s < states.length; s++) {
        double before = t == 0 ? s < 2 ? 0 : NONE : reached(alpha[t - 1], states, s);
        alpha[t][s] = before + y[t][states[s]];
      }
    }
    return alpha;
  }

  private static double reached(double[] before, int[] states, int s) {
    boolean skips = s >= 2 && states[s] != 0 && states[s] != states[s - 2];
    return sum(before, skips ? s - 2 : s - 1, s);
  }

  /** Returns the logarithm of the sum of those between two places, both with it. */
  private static double sum(double[] logarithms, int from, int to) {
    double most = NONE;
    for (int s = Math.max(0, from); s <= to; s++) {
      most = Math.max(most, logarithms[s]);
    }
    double sum = 0;
    for (int s = Math.max(0, from); s <= to && most > NONE; s++) {
      sum += Math.exp(logarithms[s] - most);
    }
    return most > NONE ? most + Math.log(sum) : NONE;
  }

  private static double[] logSoftmax(double[] z) {
    double total = sum(z, 0, z.length - 1);
    return Arrays.stream(z).map(value -> value - total).toArray();
  }

  private static double[][] reversed(double[][] y) {
    double[][] reversed = new double[y.length][];
    for (int t = 0; t < y.length; t++) {
      reversed[t] = y[y.length - 1 - t];
    }
    return reversed;
  }

  private static int[] reversed(int[] states) {
    int[] reversed = new int[states.length];
    for (int s = 0; s < states.length; s++) {
      reversed[s] = states[states.length - 1 - s];
    }
    return reversed;
  }
}
