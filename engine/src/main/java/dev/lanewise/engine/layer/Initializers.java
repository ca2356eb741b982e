package dev.lanewise.engine.layer;

import java.util.Objects;

/**
 * The rules for the start values of a layer's parameters.
 *
 * @param kernel that of the inputs' weights
 * @param recurrent that of the state's weights, in layers that have a state
 * @param bias that of the bias, in layers that have one
 */
public record Initializers(Initializer kernel, Initializer recurrent, Initializer bias) {
  /** Keras's defaults: Glorot uniform, orthogonal, zeros. */
  public static final Initializers DEFAULT =
      new Initializers(Initializer.GLOROT_UNIFORM, Initializer.ORTHOGONAL, Initializer.ZEROS);

  /** Refuses nulls. */
  public Initializers {
    Objects.requireNonNull(kernel, "kernel initializer");
    Objects.requireNonNull(recurrent, "recurrent initializer");
    Objects.requireNonNull(bias, "bias initializer");
  }

  /**
   * {@return these with another rule for the kernel}
   *
   * @param other the rule of the kernel
   */
  public Initializers withKernel(Initializer other) {
    return new Initializers(other, recurrent, bias);
  }

  /**
   * {@return these with another rule for the recurrent kernel}
   *
   * @param other the rule of the recurrent kernel
   */
  public Initializers withRecurrent(Initializer other) {
    return new Initializers(kernel, other, bias);
  }

  /**
   * {@return these with another rule for the bias}
   *
   * @param other the rule of the bias
   */
  public Initializers withBias(Initializer other) {
    return new Initializers(kernel, recurrent, other);
  }
}
