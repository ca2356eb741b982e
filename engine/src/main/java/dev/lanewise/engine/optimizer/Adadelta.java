package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Adadelta (Zeiler 2012, algorithm 1), as Keras computes it:
 *
 * <pre>
 * a = rho * a + (1 - rho) * g^2
 * d = -sqrt(b + epsilon) * g / sqrt(a + epsilon)
 * b = rho * b + (1 - rho) * d^2
 * w += learningRate * d
 * </pre>
 *
 * @param options step size, clipping and decay; the paper has a step size of 1
 * @param rho the decay of the means, in [0, 1)
 * @param epsilon added under the roots, positive
 */
public record Adadelta(UpdateOptions options, double rho, double epsilon) implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Adadelta {
    Ranges.decay("Adadelta: rho", rho);
    Ranges.positive("Adadelta: epsilon", epsilon);
  }

  /** {@return Keras's defaults: 0.001, 0.95, 1e-7} */
  public static Adadelta withDefaults() {
    return of(0.001);
  }

  /**
   * {@return Keras's defaults with another step size}
   *
   * @param learningRate the step size, above 0
   */
  public static Adadelta of(double learningRate) {
    return new Adadelta(UpdateOptions.of(learningRate), 0.95, 1e-7);
  }

  @Override
  public Adadelta withOptions(UpdateOptions others) {
    return new Adadelta(others, rho, epsilon);
  }

  @Override
  public String kerasName() {
    return "adadelta";
  }

  @Override
  public List<String> ruleSlots() {
    return List.of("adadelta/accumulated_grad", "adadelta/accumulated_delta_var");
  }
}
