package dev.lanewise.engine.backend;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.tensor.Shape;

/** What connectionist temporal classification asks of an output and of its targets. */
final class CtcFit {
  private static final String NAME = "ctc: ";

  private CtcFit() {}

  /**
   * Refuses an output that gives no logits of several classes for each step.
   *
   * @param masked whether some of its steps may be masked
   * @throws IllegalArgumentException saying what was found
   */
  static void requireOutput(OutputSpec judged, Shape output, boolean masked) {
    if (output.rank() != 2 || output.size(-1) < 2) {
      throw new IllegalArgumentException(
          NAME
              + "needs an output [steps, classes], a blank among 2 classes or more, found "
              + output
              + "; have the last recurrent layer return sequences");
    }
    if (masked) {
      throw new IllegalArgumentException(
          NAME + "of a masked sequence is not offered, as Keras has none; leave the mask out");
    }
    if (!judged.metrics().isEmpty()) {
      throw new IllegalArgumentException(
          NAME
              + "metrics compare outputs with targets step by step, and labels have no step of"
              + " their own; leave out "
              + judged.metrics().getFirst().name());
    }
  }

  /**
   * Refuses targets that no path of so many steps spells.
   *
   * @param what whose they are
   * @throws IllegalArgumentException naming the sample
   */
  static void requireTargets(String what, Dataset data, Targets targets, int steps) {
    int end = data.firstSample() + data.size();
    for (int sample = data.firstSample(); sample < end; sample++) {
      int labels = labels(targets, sample);
      String where = what + "sample " + (sample - data.firstSample());
      for (int i = labels; i < targets.width(); i++) {
        if (targets.label(sample, i) != Ctc.BLANK) {
          throw new IllegalArgumentException(
              where
                  + " has the label "
                  + targets.label(sample, i)
                  + " behind a 0, which fills up shorter targets and is no label of ctc; count"
                  + " classes from 1");
        }
      }
      int least = labels;
      for (int i = 1; i < labels; i++) {
        least += targets.label(sample, i) == targets.label(sample, i - 1) ? 1 : 0;
      }
      if (least > steps) {
        throw new IllegalArgumentException(
            where
                + " has "
                + labels
                + " labels, which take "
                + least
                + " steps with a blank between equal ones, and the model gives "
                + steps
                + "; leave it out, or have the model give more");
      }
    }
  }

  /** Returns how many labels a sample has before what fills them up. */
  private static int labels(Targets targets, int sample) {
    int labels = 0;
    while (labels < targets.width() && targets.label(sample, labels) != Ctc.BLANK) {
      labels++;
    }
    return labels;
  }
}
