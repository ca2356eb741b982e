package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Adam with Nesterov's look-ahead (Dozat 2016), as Keras computes it, with t the number of the step
 * from 1:
 *
 * <pre>
 * u(t) = beta1 * (1 - 0.96^t / 2);  U(t) = u(1) * ... * u(t)
 * m += (g - m) * (1 - beta1)
 * v += (g^2 - v) * (1 - beta2)
 * m' = u(t + 1) * m / (1 - U(t + 1)) + (1 - u(t)) * g / (1 - U(t))
 * v' = v / (1 - beta2^t)
 * w -= learningRate(t - 1) * m' / (sqrt(v') + epsilon)
 * </pre>
 *
 * <p>U, which Keras keeps as a variable, is a function of beta1 and t, and so no state here.
 *
 * @param options step size, clipping and decay
 * @param beta1 the decay of the mean of gradients, in [0, 1)
 * @param beta2 the decay of the mean of squared gradients, in [0, 1)
 * @param epsilon added to the root of v', positive
 */
public record Nadam(UpdateOptions options, double beta1, double beta2, double epsilon)
    implements Optimizer {
  private static final double DECAY = 0.96;

  /** From here on 1 - 0.96^t / 2 is 1 in double. */
  private static final long DECAYED = 1000;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Nadam {
    Ranges.decay("Nadam: beta1", beta1);
    Ranges.decay("Nadam: beta2", beta2);
    Ranges.positive("Nadam: epsilon", epsilon);
  }

  /** {@return Keras's defaults: 0.001, 0.9, 0.999, 1e-7} */
  public static Nadam withDefaults() {
    return of(0.001);
  }

  /**
   * {@return Keras's defaults with another step size}
   *
   * @param learningRate the step size, above 0
   */
  public static Nadam of(double learningRate) {
    return new Nadam(UpdateOptions.of(learningRate), 0.9, 0.999, 1e-7);
  }

  @Override
  public Nadam withOptions(UpdateOptions others) {
    return new Nadam(others, beta1, beta2, epsilon);
  }

  @Override
  public String kerasName() {
    return "nadam";
  }

  @Override
  public List<String> ruleSlots() {
    return List.of("nadam/momentum", "nadam/velocity");
  }

  /**
   * {@return what update {@code t} multiplies m by}
   *
   * @param t the update, counted from 1
   */
  public float meanFactor(long t) {
    return (float) (u(t + 1) / (1 - product(t + 1)));
  }

  /**
   * {@return what update {@code t} multiplies g by}
   *
   * @param t the update, counted from 1
   */
  public float gradientFactor(long t) {
    return (float) ((1 - u(t)) / (1 - product(t)));
  }

  /**
   * {@return what update {@code t} multiplies v by}
   *
   * @param t the update, counted from 1
   */
  public float squareFactor(long t) {
    return (float) (1 / (1 - Powers.of((float) beta2, t)));
  }

  /**
   * {@return U after {@code t} updates: Keras's variable {@code u_product}}
   *
   * @param t how many updates were made
   */
  public double product(long t) {
    double product = Powers.of(beta1, t);
    double power = 1;
    for (long i = Math.min(t, DECAYED); i > 0; i--) {
      power *= DECAY;
      product *= 1 - power / 2;
    }
    return product;
  }

  private double u(long t) {
    return beta1 * (1 - Powers.of(DECAY, t) / 2);
  }
}
