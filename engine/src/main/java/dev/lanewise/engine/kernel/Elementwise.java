package dev.lanewise.engine.kernel;

/**
 * The functions that act on one element alone. Most have a derivative that is a function of their
 * own result y, so that a backward pass needs no sums kept from the forward one; the others {@link
 * #derivativeNeedsSums}.
 */
public enum Elementwise {
  /** f(x) = x, f' = 1. */
  LINEAR,
  /** f(x) = max(0, x), f' = 1 where y &gt; 0, else 0. */
  RELU,
  /** f(x) = tanh x, f' = 1 - y^2. */
  TANH,
  /** f(x) = 1 / (1 + e^-x), f' = y (1 - y). */
  SIGMOID,
  /** f(x) = min(max(0, x), 6), f' = 1 where 0 &lt; y &lt; 6, else 0. */
  RELU6,
  /** f(x) = x where x &gt; 0, else 0.2 x; f' = 1 where y &gt; 0, else 0.2. */
  LEAKY_RELU,
  /** f(x) = min(max(0, x / 6 + 1/2), 1), f' = 1/6 where 0 &lt; y &lt; 1, else 0. */
  HARD_SIGMOID,
  /** f(x) = min(max(0, x / 5 + 1/2), 1), f' = 1/5 where 0 &lt; y &lt; 1, else 0. */
  STEEP_HARD_SIGMOID,
  /** f(x) = x / (1 + |x|), f' = (1 - |y|)^2. */
  SOFTSIGN,
  /** f(x) = e^x, f' = y. */
  EXPONENTIAL,
  /** f(x) = x where x &gt; 0, else e^x - 1; f' = 1 where y &gt; 0, else y + 1. */
  ELU,
  /** f(x) = s elu(x), below 0 times a too; f' = s where y &gt;= 0, else y + s a. */
  SELU,
  /** f(x) = ln(1 + e^x), f' = 1 - e^-y. */
  SOFTPLUS,
  /** f(x) = x / (1 + e^-x). */
  SILU,
  /** f(x) = x (1 + erf(x / sqrt 2)) / 2. */
  GELU,
  /** f(x) = x min(max(0, x / 6 + 1/2), 1). */
  HARD_SILU,
  /** f(x) = min(max(-1, x), 1), f' = 1 where |x| &lt;= 1, else 0. */
  HARD_TANH,
  /** f(x) = x, 0 where |x| &lt;= 1/2; f' = 1 where y is not 0, else 0. */
  HARD_SHRINK,
  /** f(x) = x moved towards 0 by 1/2, 0 where |x| is no more; f' = 1 where y is not 0, else 0. */
  SOFT_SHRINK,
  /** f(x) = x - tanh x. */
  TANH_SHRINK,
  /** f(x) = x tanh(ln(1 + e^x)). */
  MISH,
  /** f(x) = -ln(1 + e^-x), f' = 1 - e^y. */
  LOG_SIGMOID,
  /** f(x) = (x + sqrt(x^2 + 4)) / 2, f' = y^2 / (y^2 + 1). */
  SQUAREPLUS,
  /** f(x) = 0 up to -1, ((x + 1) / 2)^2, x from 1 on; f' = min(sqrt y, 1). */
  SPARSE_PLUS,
  /** f(x) = min(max(0, x / 2 + 1/2), 1), f' = 1/2 where |x| &lt; 1, half of it at 1, else 0. */
  SPARSE_SIGMOID;

  /**
   * Returns whether the derivative is taken at x and not at y = f(x): where f falls before it
   * rises, two x have the same y, and where it has a slope at a corner, the flat beyond has too.
   */
  public boolean derivativeNeedsSums() {
    return switch (this) {
      case SILU, GELU, HARD_SILU, HARD_TANH, TANH_SHRINK, MISH, SPARSE_SIGMOID -> true;
      case LINEAR,
          RELU,
          TANH,
          SIGMOID,
          RELU6,
          LEAKY_RELU,
          HARD_SIGMOID,
          STEEP_HARD_SIGMOID,
          SOFTSIGN,
          EXPONENTIAL,
          ELU,
          SELU,
          SOFTPLUS,
          HARD_SHRINK,
          SOFT_SHRINK,
          LOG_SIGMOID,
          SQUAREPLUS,
          SPARSE_PLUS ->
          false;
    };
  }
}
