package dev.lanewise.engine.loss;

/**
 * The sum of t ln(t / y) over the last axis, both clipped to [1e-7, 1] first. A clipped y has no
 * gradient.
 */
public record KlDivergence() implements Loss {
  @Override
  public String kerasName() {
    return "kl_divergence";
  }
}
