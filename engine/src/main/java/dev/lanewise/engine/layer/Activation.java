package dev.lanewise.engine.layer;

import java.util.Locale;

/** The function applied to a layer's sums; names are Keras's. */
public enum Activation {
  /** f(x) = x. */
  LINEAR,
  /** f(x) = max(0, x). */
  RELU,
  /** The hyperbolic tangent. */
  TANH,
  /** f(x) = 1 / (1 + e^-x). */
  SIGMOID,
  /** f(x)_i = e^x_i / sum_j e^x_j over the last axis. */
  SOFTMAX;

  /** Returns Keras's name, for example {@code tanh}. */
  public String kerasName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
