package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Adam by the infinity norm (Kingma and Ba 2015, section 7.1), as Keras computes it, with t the
 * number of the step from 1:
 *
 * <pre>
 * m += (g - m) * (1 - beta1)
 * u = max(beta2 * u, |g|)
 * w -= learningRate(t - 1) * m / ((1 - beta1^t) * (u + epsilon))
 * </pre>
 *
 * <p>Of a table whose row several tokens of a batch name, g is their sum, as on all of Keras's
 * backends but TensorFlow, which adds the magnitudes of what each token gives to u.
 *
 * @param options step size, clipping and decay
 * @param beta1 the decay of the mean of gradients, in [0, 1)
 * @param beta2 the decay of the largest magnitude, in [0, 1)
 * @param epsilon added to u, positive
 */
public record Adamax(UpdateOptions options, double beta1, double beta2, double epsilon)
    implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Adamax {
    Ranges.decay("Adamax: beta1", beta1);
    Ranges.decay("Adamax: beta2", beta2);
    Ranges.positive("Adamax: epsilon", epsilon);
  }

  /** {@return Keras's defaults: 0.001, 0.9, 0.999, 1e-7} */
  public static Adamax withDefaults() {
    return of(0.001);
  }

  /**
   * {@return Keras's defaults with another step size}
   *
   * @param learningRate the step size, above 0
   */
  public static Adamax of(double learningRate) {
    return new Adamax(UpdateOptions.of(learningRate), 0.9, 0.999, 1e-7);
  }

  @Override
  public Adamax withOptions(UpdateOptions others) {
    return new Adamax(others, beta1, beta2, epsilon);
  }

  @Override
  public String kerasName() {
    return "adamax";
  }

  @Override
  public List<String> ruleSlots() {
    return List.of("adamax/momentum", "adamax/norm");
  }

  @Override
  public float stepSize(long t) {
    return (float) learningRate().at(t - 1) / (1f - (float) Powers.of((float) beta1, t));
  }
}
