package dev.lanewise.engine.layer;

import java.util.Objects;

/**
 * The penalties on a layer's parameters.
 *
 * @param kernel that on the inputs' weights
 * @param recurrent that on the state's weights, in layers that have a state
 * @param bias that on the bias, in layers that have one
 */
public record Regularizers(Regularizer kernel, Regularizer recurrent, Regularizer bias) {
  /** No penalties. */
  public static final Regularizers NONE =
      new Regularizers(Regularizer.NONE, Regularizer.NONE, Regularizer.NONE);

  /** Refuses nulls. */
  public Regularizers {
    Objects.requireNonNull(kernel, "kernel regularizer");
    Objects.requireNonNull(recurrent, "recurrent regularizer");
    Objects.requireNonNull(bias, "bias regularizer");
  }

  /**
   * {@return these with another penalty on the kernel}
   *
   * @param other the penalty on the kernel
   */
  public Regularizers withKernel(Regularizer other) {
    return new Regularizers(other, recurrent, bias);
  }

  /**
   * {@return these with another penalty on the recurrent kernel}
   *
   * @param other the penalty on the recurrent kernel
   */
  public Regularizers withRecurrent(Regularizer other) {
    return new Regularizers(kernel, other, bias);
  }

  /**
   * {@return these with another penalty on the bias}
   *
   * @param other the penalty on the bias
   */
  public Regularizers withBias(Regularizer other) {
    return new Regularizers(kernel, recurrent, other);
  }
}
