package dev.lanewise.engine.optimizer;

import java.util.List;

/**
 * Adagrad (Duchi, Hazan and Singer 2011), as Keras computes it: {@code a += g^2; w -= learningRate
 * * g / sqrt(a + epsilon)}.
 *
 * @param options step size, clipping and decay
 * @param initialAccumulatorValue what the sum of squares a starts with, at least 0
 * @param epsilon added under the root, positive
 */
public record Adagrad(UpdateOptions options, double initialAccumulatorValue, double epsilon)
    implements Optimizer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Adagrad {
    Ranges.notNegative("Adagrad: initialAccumulatorValue", initialAccumulatorValue);
    Ranges.positive("Adagrad: epsilon", epsilon);
  }

  /** {@return Keras's defaults: 0.001, 0.1, 1e-7} */
  public static Adagrad withDefaults() {
    return of(0.001);
  }

  /**
   * {@return Keras's defaults with another step size}
   *
   * @param learningRate the step size, above 0
   */
  public static Adagrad of(double learningRate) {
    return new Adagrad(UpdateOptions.of(learningRate), 0.1, 1e-7);
  }

  @Override
  public Adagrad withOptions(UpdateOptions others) {
    return new Adagrad(others, initialAccumulatorValue, epsilon);
  }

  @Override
  public String kerasName() {
    return "adagrad";
  }

  @Override
  public List<String> ruleSlots() {
    return List.of("adagrad/accumulator");
  }

  @Override
  public float slotStart() {
    return (float) initialAccumulatorValue;
  }
}
