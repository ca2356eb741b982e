package dev.lanewise.engine.backend;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.Targets;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Hinge;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.loss.SquaredHinge;
import dev.lanewise.engine.metric.Measure;
import dev.lanewise.engine.metric.Metric;

/** Holds an output's targets against its loss, and against losses that are its metrics. */
final class TargetFit {
  private TargetFit() {}

  /**
   * Refuses targets that a loss does not take.
   *
   * @param what whose they are
   * @throws IllegalArgumentException saying what it takes and what was found
   */
  static void require(String what, ModelSpec spec, int output, Dataset data) {
    int units = spec.shapeOf(output).size(-1);
    Targets targets = data.targets(output);
    OutputSpec judged = spec.outputs().get(output);
    if (judged.loss() instanceof Ctc) {
      CtcFit.requireTargets(what, data, targets, spec.positions(output));
    }
    if (needsSigns(judged.loss())) {
      requireSigns(what, data, targets, units);
    }
    for (Metric metric : judged.metrics()) {
      if (metric.measure() instanceof Measure.OfLoss(Loss loss)) {
        requireOfMetric(what + "metric " + metric.name() + ": ", loss, data, targets, units);
      }
    }
  }

  private static void requireOfMetric(
      String what, Loss loss, Dataset data, Targets targets, int units) {
    int most = LabelNumbers.mostClasses(loss, units);
    if (targets.areLabels() && targets.classes() > most) {
      throw new IllegalArgumentException(
          what
              + "labels of "
              + loss.kerasName()
              + " tell apart "
              + most
              + " at most at an output of "
              + units
              + (units == 1 ? " unit" : " units")
              + ", found "
              + targets.classes()
              + " classes; leave the metric out");
    }
    if (loss instanceof SparseCategoricalCrossentropy && !targets.areLabels()) {
      throw new IllegalArgumentException(
          what
              + "sparse categorical crossentropy needs class indices, found float targets; measure"
              + " categorical_crossentropy");
    }
    if (needsSigns(loss)) {
      requireSigns(what, data, targets, units);
    }
  }

  private static boolean needsSigns(Loss loss) {
    return loss instanceof Hinge || loss instanceof SquaredHinge;
  }

  /**
   * Keras takes 0 and 1 as -1 and 1 in the batches that have no other targets. Where a data set has
   * no others, or no 0, each batch is as the next; elsewhere what a 0 is would depend on the order.
   */
  private static void requireSigns(String what, Dataset data, Targets targets, int units) {
    if (targets.areLabels() && units > 1) {
      return; // one-hot
    }
    boolean zero = false;
    float other = 1;
    int end = data.firstSample() + data.size();
    for (int sample = data.firstSample(); sample < end; sample++) {
      for (int i = 0; i < targets.width(); i++) {
        float target = targets.areLabels() ? targets.label(sample, i) : targets.value(sample, i);
        zero |= target == 0;
        other = target == 0 || target == 1 ? other : target;
      }
    }
    if (zero && other != 1) {
      throw new IllegalArgumentException(
          what
              + "hinge takes targets that are all 0 or 1, or never 0, found 0 and "
              + other
              + "; make them -1 and 1");
    }
  }
}
