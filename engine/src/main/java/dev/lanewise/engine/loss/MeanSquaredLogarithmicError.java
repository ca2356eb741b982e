package dev.lanewise.engine.loss;

/**
 * The mean of (ln(max(y, 1e-7) + 1) - ln(max(t, 1e-7) + 1))^2 over the last axis. An output below
 * 1e-7 has no gradient.
 */
public record MeanSquaredLogarithmicError() implements Loss {
  @Override
  public String kerasName() {
    return "mean_squared_logarithmic_error";
  }
}
