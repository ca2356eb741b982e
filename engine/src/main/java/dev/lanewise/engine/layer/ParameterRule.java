package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Objects;

/**
 * What holds for one array of a layer: how it begins, what its size costs and what it keeps.
 *
 * @param initializer the rule for its start values
 * @param regularizer the penalty on its size, which counts while it is trained
 * @param constraint the rule that it keeps while it is trained
 */
public record ParameterRule(
    Initializer initializer, Regularizer regularizer, Constraint constraint) {
  /** Refuses nulls. */
  public ParameterRule {
    Objects.requireNonNull(initializer, "initializer");
    Objects.requireNonNull(regularizer, "regularizer");
    Objects.requireNonNull(constraint, "constraint");
  }

  /**
   * {@return start values, without a penalty and a constraint}
   *
   * @param initializer the rule for them
   */
  public static ParameterRule of(Initializer initializer) {
    return new ParameterRule(initializer, Regularizer.NONE, Constraint.none());
  }

  /**
   * {@return this with other start values}
   *
   * @param other the rule for them
   */
  public ParameterRule withInitializer(Initializer other) {
    return new ParameterRule(other, regularizer, constraint);
  }

  /**
   * {@return this with another penalty}
   *
   * @param other the penalty
   */
  public ParameterRule withRegularizer(Regularizer other) {
    return new ParameterRule(initializer, other, constraint);
  }

  /**
   * {@return this with another constraint}
   *
   * @param other the constraint
   */
  public ParameterRule withConstraint(Constraint other) {
    return new ParameterRule(initializer, regularizer, other);
  }

  /**
   * {@return an array of which this holds, and which is trained}
   *
   * @param name Keras's name of it
   * @param shape its sizes
   * @throws IllegalArgumentException if the constraint is along an axis that it does not have
   */
  public ParameterSpec array(String name, Shape shape) {
    return new ParameterSpec(name, shape, this, true);
  }
}
