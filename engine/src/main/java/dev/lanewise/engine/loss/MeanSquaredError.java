package dev.lanewise.engine.loss;

/** The mean of (y - t)^2 over the last axis. */
public record MeanSquaredError() implements Loss {
  @Override
  public String kerasName() {
    return "mean_squared_error";
  }
}
