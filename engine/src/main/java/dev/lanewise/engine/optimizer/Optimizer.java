package dev.lanewise.engine.optimizer;

import java.util.List;

/** How gradients change parameters. */
public sealed interface Optimizer
    permits Adam, AdamW, Sgd, RmsProp, Nadam, Adagrad, Adadelta, Lion {
  /** Returns Keras's default name of the optimizer. */
  String kerasName();

  /** Returns what every optimizer has. */
  UpdateOptions options();

  /** Returns this rule with other options. */
  Optimizer withOptions(UpdateOptions options);

  /**
   * Returns the names of the arrays of the parameters' size that the rule keeps from step to step:
   * its own name and Keras's of the variable, so that no other rule's has it.
   */
  List<String> slots();

  /** Returns the value that every element of every slot starts with. */
  default float slotStart() {
    return 0;
  }

  /**
   * Returns the factor of update {@code t}, counted from 1, rounded to float32 where Keras rounds:
   * the learning rate, with what a rule multiplies all its elements by.
   */
  default float stepSize(long t) {
    return (float) learningRate().at(t - 1);
  }

  /** Returns the step size, update by update. */
  default LearningRateSchedule learningRate() {
    return options().learningRate();
  }

  /** Returns what is done to gradients first. */
  default GradientClipping clipping() {
    return options().clipping();
  }

  /** Returns the share of a weight that decays, times the step size; 0 for none. */
  default double weightDecay() {
    return options().weightDecay();
  }

  /** Returns this rule with a schedule of step sizes. */
  default Optimizer withLearningRate(LearningRateSchedule schedule) {
    return withOptions(options().withLearningRate(schedule));
  }

  /** Returns this rule with gradients clipped first. */
  default Optimizer withClipping(GradientClipping first) {
    return withOptions(options().withClipping(first));
  }

  /** Returns this rule with weights that decay before each step. */
  default Optimizer withWeightDecay(double share) {
    return withOptions(options().withWeightDecay(share));
  }
}
