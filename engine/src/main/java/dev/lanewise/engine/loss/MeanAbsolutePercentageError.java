package dev.lanewise.engine.loss;

/**
 * 100 times the mean of |y - t| / max(|t|, 1e-7) over the last axis; where they are equal the
 * gradient is 0. A target of 0 so makes an error of e one of 1e9 e percent, as in Keras.
 */
public record MeanAbsolutePercentageError() implements Loss {
  @Override
  public String kerasName() {
    return "mean_absolute_percentage_error";
  }
}
