package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Adam with weights that decay apart from the gradient (Loshchilov and Hutter 2019): Keras's class
 * of that name, which is {@link Adam} with another default.
 *
 * @param adam the rule, weight decay among its options
 */
public record AdamW(Adam adam) implements Optimizer {
  /** {@return Keras's defaults: those of Adam, and a decay of 0.004} */
  public static AdamW withDefaults() {
    return of(0.001, 0.004);
  }

  /**
   * {@return Adam's defaults with this step size and decay}
   *
   * @param learningRate the step size, above 0
   * @param weightDecay the part of a weight that is taken off at each update, times the step size
   */
  public static AdamW of(double learningRate, double weightDecay) {
    return new AdamW(
        Adam.withDefaults()
            .withOptions(UpdateOptions.of(learningRate).withWeightDecay(weightDecay)));
  }

  @Override
  public UpdateOptions options() {
    return adam.options();
  }

  @Override
  public AdamW withOptions(UpdateOptions others) {
    return new AdamW(adam.withOptions(others));
  }

  @Override
  public String kerasName() {
    return "adam_w";
  }

  @Override
  public List<String> ruleSlots() {
    return adam.slots(kerasName());
  }

  @Override
  public float stepSize(long t) {
    return adam.stepSize(t);
  }
}
