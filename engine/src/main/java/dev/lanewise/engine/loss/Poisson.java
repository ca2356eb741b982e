package dev.lanewise.engine.loss;

/**
 * The mean of y - t ln(y + 1e-7) over the last axis: but for what t alone says, minus the log
 * likelihood of counts t whose rate is y. It is no number where y is below -1e-7, so that outputs
 * should be above 0: those of a softplus or an exponential.
 */
public record Poisson() implements Loss {
  @Override
  public String kerasName() {
    return "poisson";
  }
}
