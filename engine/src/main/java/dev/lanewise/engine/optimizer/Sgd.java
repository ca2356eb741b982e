package dev.lanewise.engine.optimizer;

/**
 * Gradient descent with momentum, as Keras computes it:
 *
 * <pre>
 * momentum = 0:  w -= learningRate * g
 * otherwise:     s = momentum * s - learningRate * g
 *                w += nesterov ? momentum * s - learningRate * g : s
 * </pre>
 *
 * @param learningRate the step size, positive
 * @param momentum the decay of the velocity s, in [0, 1)
 * @param nesterov whether the step looks ahead (Sutskever et al. 2013, equations 3 and 4)
 */
public record Sgd(double learningRate, double momentum, boolean nesterov) implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Sgd {
    Ranges.positive("Sgd: learningRate", learningRate);
    Ranges.decay("Sgd: momentum", momentum);
  }

  /** Returns plain gradient descent. */
  public static Sgd of(double learningRate) {
    return new Sgd(learningRate, 0, false);
  }

  /** Returns gradient descent with momentum. */
  public static Sgd of(double learningRate, double momentum) {
    return new Sgd(learningRate, momentum, false);
  }

  @Override
  public int slotCount() {
    return momentum == 0 ? 0 : 1;
  }
}
