package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Lion (Chen et al. 2023, algorithm 2), as Keras computes it: {@code w -= learningRate * sign(beta1
 * * m + (1 - beta1) * g); m = beta2 * m + (1 - beta2) * g}, with sign(0) = 0.
 *
 * @param options step size, clipping and decay
 * @param beta1 the share of the mean in the step's sign, above 0 and below 1
 * @param beta2 the decay of the mean of gradients, in [0, 1)
 */
public record Lion(UpdateOptions options, double beta1, double beta2) implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Lion {
    Ranges.decay("Lion: beta1", beta1);
    Ranges.positive("Lion: beta1", beta1); // as in Keras; the mean would have no part
    Ranges.decay("Lion: beta2", beta2);
  }

  /** {@return Keras's defaults: 0.001, 0.9, 0.99} */
  public static Lion withDefaults() {
    return of(0.001);
  }

  /**
   * {@return Keras's defaults with another step size}
   *
   * @param learningRate the step size, above 0
   */
  public static Lion of(double learningRate) {
    return new Lion(UpdateOptions.of(learningRate), 0.9, 0.99);
  }

  @Override
  public Lion withOptions(UpdateOptions others) {
    return new Lion(others, beta1, beta2);
  }

  @Override
  public String kerasName() {
    return "lion";
  }

  @Override
  public List<String> ruleSlots() {
    return List.of("lion/momentum");
  }
}
