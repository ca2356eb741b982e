package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;

/**
 * Connectionist temporal classification of a worker's rows, each a whole sequence. By a logit the
 * gradient is its class's probability less the share of all paths that are at that class then
 * (Graves et al. 2006, equation 16).
 */
final class CtcLoss {
  private final CtcLattice lattice = new CtcLattice();

  /** Of each step and row, the logarithm of what the softmax divides by. */
  private double[] logTotals = new double[0];

  /** Of one step, the share of paths at each class. */
  private double[] shares = new double[0];

  /** Begins with rows of so many steps and classes. */
  void begin(int steps, int rows, int classes) {
    if (logTotals.length < steps * rows) {
      logTotals = new double[steps * rows];
    }
    if (shares.length < classes) {
      shares = new double[classes];
    }
  }

  /** Takes a row's maximum and sum of a softmax that is done. */
  void take(int step, int rows, int row, Matrix maxAndSum) {
    logTotals[step * rows + row] = maxAndSum.get(row, 0) + StrictMath.log(maxAndSum.get(row, 1));
  }

  /**
   * Returns the loss of a row, and leaves its gradient by the logits in the place of their softmax.
   *
   * @param outputs the logits, and their softmax in the place of gradients
   * @param targets what the row's sample is to spell
   * @param scale by which the gradient is multiplied
   */
  double of(Outputs outputs, int rows, int row, Targets targets, int sample, float scale) {
    Matrix[] logits = outputs.values();
    int labels = 0;
    while (labels < targets.width() && targets.label(sample, labels) != Ctc.BLANK) {
      labels++;
    }
    lattice.begin(logits.length, labels);
    for (int i = 0; i < labels; i++) {
      lattice.label(i, targets.label(sample, i));
    }
    for (int t = 0; t < logits.length; t++) {
      double total = logTotals[t * rows + row];
      lattice.giveBlank(t, logits[t].get(row, Ctc.BLANK) - total);
      for (int i = 0; i < labels; i++) {
        lattice.give(t, i, logits[t].get(row, targets.label(sample, i)) - total);
      }
    }
    double likelihood = lattice.goForward();
    for (int t = logits.length - 1; t >= 0; t--) {
      leaveGradient(outputs.gradients()[t], row, lattice.goBack(t), scale);
    }
    return -likelihood;
  }

  private void leaveGradient(Matrix softmax, int row, double[] posteriors, float scale) {
    int classes = softmax.columns();
    Arrays.fill(shares, 0, classes, 0);
    for (int s = 0; s < lattice.states(); s++) {
      shares[lattice.classOf(s)] += posteriors[s];
    }
    for (int c = 0; c < classes; c++) {
      softmax.set(row, c, (float) ((softmax.get(row, c) - shares[c]) * scale));
    }
  }
}
