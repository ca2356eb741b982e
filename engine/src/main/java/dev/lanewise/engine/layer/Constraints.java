package dev.lanewise.engine.layer;

import java.util.Objects;

/**
 * The rules that a layer's parameters keep.
 *
 * @param kernel that of the inputs' weights
 * @param recurrent that of the state's weights, in layers that have a state
 * @param bias that of the bias, in layers that have one
 */
public record Constraints(Constraint kernel, Constraint recurrent, Constraint bias) {
  /** No rules. */
  public static final Constraints NONE =
      new Constraints(Constraint.none(), Constraint.none(), Constraint.none());

  /** Refuses nulls. */
  public Constraints {
    Objects.requireNonNull(kernel, "kernel constraint");
    Objects.requireNonNull(recurrent, "recurrent constraint");
    Objects.requireNonNull(bias, "bias constraint");
  }

  /**
   * {@return these with another rule of the kernel}
   *
   * @param other the kernel's rule
   */
  public Constraints withKernel(Constraint other) {
    return new Constraints(other, recurrent, bias);
  }

  /**
   * {@return these with another rule of the recurrent kernel}
   *
   * @param other the recurrent kernel's rule
   */
  public Constraints withRecurrent(Constraint other) {
    return new Constraints(kernel, other, bias);
  }

  /**
   * {@return these with another rule of the bias}
   *
   * @param other the bias's rule
   */
  public Constraints withBias(Constraint other) {
    return new Constraints(kernel, recurrent, other);
  }
}
