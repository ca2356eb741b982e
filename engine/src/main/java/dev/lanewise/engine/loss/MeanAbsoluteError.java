package dev.lanewise.engine.loss;

/** The mean of |y - t| over the last axis; where they are equal the gradient is 0. */
public record MeanAbsoluteError() implements Loss {
  @Override
  public String kerasName() {
    return "mean_absolute_error";
  }
}
