package dev.lanewise.engine.loss;

/** The mean of max(1 - t y, 0)^2 over the last axis, with targets as of {@link Hinge}. */
public record SquaredHinge() implements Loss {
  @Override
  public String kerasName() {
    return "squared_hinge";
  }
}
