package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * One array of a layer.
 *
 * @param name Keras's name within the layer: kernel, recurrent_kernel or bias
 * @param shape the array's shape, input-major: y = x * kernel + bias
 * @param initializer the rule for its start values
 * @param regularizer the penalty on its size, which counts while it is trained
 * @param constraint the rule that it keeps while it is trained
 * @param trainable whether training changes it by its gradient
 */
public record ParameterSpec(
    String name,
    Shape shape,
    Initializer initializer,
    Regularizer regularizer,
    Constraint constraint,
    boolean trainable) {
  /**
   * Refuses a constraint along an axis that the array does not have.
   *
   * @throws IllegalArgumentException naming array, axis and sizes
   */
  public ParameterSpec {
    constraint.requireAxesOf(name, shape);
  }

  /**
   * Describes an array without a constraint.
   *
   * @param name Keras's name of it
   * @param shape its sizes
   * @param initializer the rule that it begins with
   * @param regularizer the penalty on it
   * @param trainable whether training changes it by its gradient
   */
  public ParameterSpec(
      String name,
      Shape shape,
      Initializer initializer,
      Regularizer regularizer,
      boolean trainable) {
    this(name, shape, initializer, regularizer, Constraint.none(), trainable);
  }

  /**
   * Describes an array that is trained.
   *
   * @param name Keras's name of it
   * @param shape its sizes
   * @param initializer the rule that it begins with
   * @param regularizer the penalty on it
   */
  public ParameterSpec(String name, Shape shape, Initializer initializer, Regularizer regularizer) {
    this(name, shape, initializer, regularizer, true);
  }

  /** Returns the array as it keeps a rule. */
  ParameterSpec constrained(Constraint rule) {
    return new ParameterSpec(name, shape, initializer, regularizer, rule, trainable);
  }

  /** Returns the array as training leaves it alone. */
  ParameterSpec frozen() {
    return new ParameterSpec(name, shape, initializer, regularizer, constraint, false);
  }
}
