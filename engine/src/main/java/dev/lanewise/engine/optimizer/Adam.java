package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Adam (Kingma and Ba 2015) in the form of the end of the paper's section 2, as Keras computes it
 * in float32, with t the number of the step from 1:
 *
 * <pre>
 * alpha = learningRate(t - 1) * sqrt(1 - beta2^t) / (1 - beta1^t)
 * m += (g - m) * (1 - beta1)
 * v += (g^2 - v) * (1 - beta2)
 * w -= alpha * m / (sqrt(v) + epsilon)
 * </pre>
 *
 * <p>With {@code amsgrad} (Reddi, Kale and Kumar 2018, algorithm 2) the largest v so far takes the
 * place of v in the last line; as in Keras, v is not corrected before it is compared.
 *
 * @param options step size, clipping and decay
 * @param beta1 the decay of the mean of gradients, in [0, 1)
 * @param beta2 the decay of the mean of squared gradients, in [0, 1)
 * @param epsilon added to sqrt(v), positive
 * @param amsgrad whether the divisor never falls
 */
public record Adam(
    UpdateOptions options, double beta1, double beta2, double epsilon, boolean amsgrad)
    implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Adam {
    Ranges.decay("Adam: beta1", beta1);
    Ranges.decay("Adam: beta2", beta2);
    Ranges.positive("Adam: epsilon", epsilon);
  }

  /** {@return Keras's defaults: 0.001, 0.9, 0.999, 1e-7} */
  public static Adam withDefaults() {
    return of(0.001);
  }

  /**
   * {@return Keras's defaults with another step size}
   *
   * @param learningRate the step size, above 0
   */
  public static Adam of(double learningRate) {
    return of(new ConstantLearningRate(learningRate));
  }

  /**
   * {@return Keras's defaults with a schedule of step sizes}
   *
   * @param learningRate the step size at each update
   */
  public static Adam of(LearningRateSchedule learningRate) {
    return new Adam(UpdateOptions.of(learningRate), 0.9, 0.999, 1e-7, false);
  }

  /** {@return this rule with a divisor that never falls} */
  public Adam withAmsgrad() {
    return new Adam(options, beta1, beta2, epsilon, true);
  }

  @Override
  public Adam withOptions(UpdateOptions others) {
    return new Adam(others, beta1, beta2, epsilon, amsgrad);
  }

  @Override
  public String kerasName() {
    return "adam";
  }

  @Override
  public List<String> ruleSlots() {
    return slots(kerasName());
  }

  List<String> slots(String owner) {
    String momentum = owner + "/momentum";
    String velocity = owner + "/velocity";
    return amsgrad ? List.of(momentum, velocity, velocity + "_hat") : List.of(momentum, velocity);
  }

  @Override
  public float stepSize(long t) {
    float beta1Power = (float) Powers.of((float) beta1, t);
    float beta2Power = (float) Powers.of((float) beta2, t);
    return (float) learningRate().at(t - 1)
        * (float) Math.sqrt(1f - beta2Power)
        / (1f - beta1Power);
  }
}
