package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * One array of a layer.
 *
 * @param name Keras's name within the layer: kernel, recurrent_kernel or bias
 * @param shape the array's shape, input-major: y = x * kernel + bias
 * @param rule how it begins, what its size costs and what it keeps
 * @param trainable whether training changes it by its gradient
 */
public record ParameterSpec(String name, Shape shape, ParameterRule rule, boolean trainable) {
  /**
   * Refuses a constraint along an axis that the array does not have.
   *
   * @throws IllegalArgumentException naming array, axis and sizes
   */
  public ParameterSpec {
    rule.constraint().requireAxesOf(name, shape);
  }

  /** {@return the rule for its start values} */
  public Initializer initializer() {
    return rule.initializer();
  }

  /** {@return the penalty on its size, which counts while it is trained} */
  public Regularizer regularizer() {
    return rule.regularizer();
  }

  /** {@return the rule that it keeps while it is trained} */
  public Constraint constraint() {
    return rule.constraint();
  }

  /** Returns the array as training leaves it alone. */
  ParameterSpec frozen() {
    return new ParameterSpec(name, shape, rule, false);
  }
}
