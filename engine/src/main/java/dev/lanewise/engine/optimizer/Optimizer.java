package dev.lanewise.engine.optimizer;

import java.util.List;

/** How gradients change parameters. */
public sealed interface Optimizer
    permits Adam, AdamW, Adamax, Sgd, RmsProp, Nadam, Adagrad, Adadelta, Lion {
  /** {@return Keras's default name of the optimizer} */
  String kerasName();

  /** {@return what every optimizer has} */
  UpdateOptions options();

  /**
   * {@return this rule with other options}
   *
   * @param options step size, clipping and decay
   */
  Optimizer withOptions(UpdateOptions options);

  /**
   * {@return the names of the arrays of the parameters' size that the rule keeps from step to step:
   * its own name and Keras's of the variable, so that no other rule's has it}
   */
  List<String> slots();

  /** {@return the value that every element of every slot starts with} */
  default float slotStart() {
    return 0;
  }

  /**
   * {@return the factor of update {@code t}, counted from 1, rounded to float32 where Keras rounds:
   * the learning rate, with what a rule multiplies all its elements by}
   *
   * @param t the update, counted from 1
   */
  default float stepSize(long t) {
    return (float) learningRate().at(t - 1);
  }

  /** {@return the step size, update by update} */
  default LearningRateSchedule learningRate() {
    return options().learningRate();
  }

  /** {@return what is done to gradients first} */
  default GradientClipping clipping() {
    return options().clipping();
  }

  /** {@return the share of a weight that decays, times the step size; 0 for none} */
  default double weightDecay() {
    return options().weightDecay();
  }

  /**
   * {@return this rule with a schedule of step sizes}
   *
   * @param schedule the step size at each update
   */
  default Optimizer withLearningRate(LearningRateSchedule schedule) {
    return withOptions(options().withLearningRate(schedule));
  }

  /**
   * {@return this rule with gradients clipped first}
   *
   * @param first what is done to gradients before an update
   */
  default Optimizer withClipping(GradientClipping first) {
    return withOptions(options().withClipping(first));
  }

  /**
   * {@return this rule with weights that decay before each step}
   *
   * @param share the part of a weight that is taken off at each update, times the step size
   */
  default Optimizer withWeightDecay(double share) {
    return withOptions(options().withWeightDecay(share));
  }
}
