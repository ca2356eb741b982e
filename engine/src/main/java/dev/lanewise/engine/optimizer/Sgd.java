package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Gradient descent with momentum, as Keras computes it:
 *
 * <pre>
 * momentum = 0:  w -= learningRate * g
 * otherwise:     s = momentum * s - learningRate * g
 *                w += nesterov ? momentum * s - learningRate * g : s
 * </pre>
 *
 * @param options step size, clipping and decay
 * @param momentum the decay of the velocity s, in [0, 1)
 * @param nesterov whether the step looks ahead (Sutskever et al. 2013, equations 3 and 4)
 */
public record Sgd(UpdateOptions options, double momentum, boolean nesterov) implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Sgd {
    Ranges.decay("Sgd: momentum", momentum);
  }

  /**
   * {@return plain gradient descent}
   *
   * @param learningRate the step size, above 0
   */
  public static Sgd of(double learningRate) {
    return of(learningRate, 0);
  }

  /**
   * {@return gradient descent with momentum}
   *
   * @param learningRate the step size, above 0
   * @param momentum what is kept of the last change: at least 0, below 1
   */
  public static Sgd of(double learningRate, double momentum) {
    return new Sgd(UpdateOptions.of(learningRate), momentum, false);
  }

  /** {@return this rule looking ahead} */
  public Sgd withNesterov() {
    return new Sgd(options, momentum, true);
  }

  @Override
  public Sgd withOptions(UpdateOptions others) {
    return new Sgd(others, momentum, nesterov);
  }

  @Override
  public String kerasName() {
    return "SGD";
  }

  @Override
  public List<String> ruleSlots() {
    return momentum == 0 ? List.of() : List.of("SGD/momentum");
  }
}
