package dev.lanewise.engine.layer;

import java.util.Locale;

/** The function applied to a layer's sums; names and constants are Keras 3's. */
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
  SOFTMAX,
  /** f(x) = min(max(0, x), 6). */
  RELU6,
  /** f(x) = x above 0, 0.2 x below. */
  LEAKY_RELU,
  /** f(x) = min(max(0, x / 6 + 1/2), 1). */
  HARD_SIGMOID,
  /**
   * What Keras 1 and 2 called hard sigmoid: f(x) = min(max(0, x / 5 + 1/2), 1). Keras 3 has no such
   * function, so that a file says it by a name that only Lanewise reads.
   */
  KERAS_2_HARD_SIGMOID,
  /** f(x) = x / (1 + |x|). */
  SOFTSIGN,
  /** f(x) = e^x. */
  EXPONENTIAL,
  /** f(x) = x above 0, e^x - 1 below (Clevert et al. 2016). */
  ELU,
  /** elu times 1.0507, below 0 times 1.6733 too (Klambauer et al. 2017). */
  SELU,
  /** f(x) = ln(1 + e^x). */
  SOFTPLUS,
  /** f(x) = x / (1 + e^-x), which is called swish too. */
  SILU,
  /** f(x) = x P(x), P the normal distribution function (Hendrycks and Gimpel 2016). */
  GELU,
  /** f(x) = x times its hard sigmoid, which is called hard swish too. */
  HARD_SILU,
  /** f(x) = min(max(-1, x), 1). */
  HARD_TANH,
  /** f(x) = x, 0 where |x| is at most 1/2. */
  HARD_SHRINK,
  /** f(x) = x moved towards 0 by 1/2, 0 where |x| is at most that. */
  SOFT_SHRINK,
  /** f(x) = x - tanh x. */
  TANH_SHRINK,
  /** f(x) = x tanh(ln(1 + e^x)) (Misra 2019). */
  MISH,
  /** f(x) = ln(1 / (1 + e^-x)). */
  LOG_SIGMOID,
  /** f(x) = (x + sqrt(x^2 + 4)) / 2 (Barron 2021). */
  SQUAREPLUS,
  /** f(x) = 0 up to -1, (x + 1)^2 / 4, and x from 1 on. */
  SPARSE_PLUS,
  /** f(x) = min(max(0, x / 2 + 1/2), 1). */
  SPARSE_SIGMOID;

  /** {@return Keras's name, for example {@code tanh}} */
  public String kerasName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
