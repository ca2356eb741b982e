package dev.lanewise.engine.optimizer;

import java.util.ArrayList;
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
   * {@return the names of the arrays of the parameters' size that the rule itself keeps from step
   * to step: its own name and Keras's of the variable, so that no other rule's has it}
   */
  List<String> ruleSlots();

  /** {@return the names of all arrays that are kept: the rule's, then the weights' means} */
  default List<String> slots() {
    if (!average().kept()) {
      return ruleSlots();
    }
    List<String> all = new ArrayList<>(ruleSlots());
    all.add(kerasName() + "/average");
    return List.copyOf(all);
  }

  /** {@return the value that every element of each of the rule's own slots starts with} */
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

  /** {@return the running means of the weights} */
  default WeightAverage average() {
    return options().average();
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

  /**
   * {@return this rule with running means of the weights, which these become at the end of a fit}
   *
   * @param means how they are made
   */
  default Optimizer withAverage(WeightAverage means) {
    return withOptions(options().withAverage(means));
  }
}
