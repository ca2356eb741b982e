package dev.lanewise.engine.optimizer;

import java.util.ArrayList;
import java.util.List;

/**
 * RMSprop (Hinton, lecture 6e of 2012), as Keras computes it:
 *
 * <pre>
 * v = rho * v + (1 - rho) * g^2
 * a = rho * a + (1 - rho) * g                      if centered (Graves 2013, equations 38 to 40)
 * d = learningRate * g / sqrt(v - a^2 + epsilon)   a being 0 if not centered
 * p = momentum * p + d;  w -= p                    with momentum; otherwise  w -= d
 * </pre>
 *
 * @param options step size, clipping and decay
 * @param rho the decay of the means, in [0, 1)
 * @param momentum the decay of the velocity p, in [0, 1)
 * @param epsilon added under the root, positive
 * @param centered whether the variance takes the place of the mean square
 */
public record RmsProp(
    UpdateOptions options, double rho, double momentum, double epsilon, boolean centered)
    implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public RmsProp {
    Ranges.decay("RMSprop: rho", rho);
    Ranges.decay("RMSprop: momentum", momentum);
    Ranges.positive("RMSprop: epsilon", epsilon);
  }

  /** {@return Keras's defaults: 0.001, 0.9, no momentum, 1e-7, not centered} */
  public static RmsProp withDefaults() {
    return of(0.001);
  }

  /**
   * {@return Keras's defaults with another step size}
   *
   * @param learningRate the step size, above 0
   */
  public static RmsProp of(double learningRate) {
    return new RmsProp(UpdateOptions.of(learningRate), 0.9, 0, 1e-7, false);
  }

  /**
   * {@return this rule with another decay of the means}
   *
   * @param decay what is kept of a mean at each update: at least 0, below 1
   */
  public RmsProp withRho(double decay) {
    return new RmsProp(options, decay, momentum, epsilon, centered);
  }

  /**
   * {@return this rule with momentum}
   *
   * @param decay what is kept of the last change: at least 0, below 1
   */
  public RmsProp withMomentum(double decay) {
    return new RmsProp(options, rho, decay, epsilon, centered);
  }

  /** {@return this rule divided by the variance's root} */
  public RmsProp withCentering() {
    return new RmsProp(options, rho, momentum, epsilon, true);
  }

  @Override
  public RmsProp withOptions(UpdateOptions others) {
    return new RmsProp(others, rho, momentum, epsilon, centered);
  }

  @Override
  public String kerasName() {
    return "rm_sprop";
  }

  @Override
  public List<String> ruleSlots() {
    List<String> names = new ArrayList<>(List.of("rm_sprop/velocity"));
    if (momentum > 0) {
      names.add("rm_sprop/momentum");
    }
    if (centered) {
      names.add("rm_sprop/average_gradient");
    }
    return List.copyOf(names);
  }
}
