package dev.lanewise.engine.loss;

/**
 * The mean of max(1 - t y, 0) over the last axis, with targets -1 and 1; at t y = 1 the gradient is
 * still -t, as in TensorFlow. Targets 0 and 1, class indices among them, count as -1 and 1. Keras
 * decides that anew for each batch, by whether all of its targets are 0 or 1; that decides nothing
 * where a data set has no other targets than 0 and 1, or no 0, and any other data set is refused.
 */
public record Hinge() implements Loss {
  @Override
  public String kerasName() {
    return "hinge";
  }
}
