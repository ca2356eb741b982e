package dev.lanewise.engine.kernel;

/**
 * The functions that act on one element alone. Each has its derivative as a function of its own
 * result, so that a backward pass needs no sums kept from the forward one.
 */
public enum Elementwise {
  /** f(x) = x, f' = 1. */
  LINEAR,
  /** f(x) = max(0, x), f' = 1 where y &gt; 0, else 0. */
  RELU,
  /** f(x) = tanh x, f' = 1 - y^2. */
  TANH,
  /** f(x) = 1 / (1 + e^-x), f' = y (1 - y). */
  SIGMOID
}
