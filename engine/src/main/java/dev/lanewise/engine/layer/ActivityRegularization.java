package dev.lanewise.engine.layer;

import java.util.Objects;

/**
 * Adds a penalty on what it gives on to the loss, Keras's {@code ActivityRegularization}: of each
 * sample l1 sum |x| + l2 sum x^2 over all of its elements, those of masked steps among them. A
 * batch's is the mean of its samples', whatever weights they have; {@code evaluate} has it, too. It
 * stands for the {@code activity_regularizer} of the layer below, which is the same.
 *
 * @param regularizer the penalty
 */
public record ActivityRegularization(Regularizer regularizer) implements Rowwise {
  /** Validates the penalty. */
  public ActivityRegularization {
    Objects.requireNonNull(regularizer, "ActivityRegularization: regularizer");
  }

  /**
   * {@return a penalty on magnitudes}
   *
   * @param weight what their sum is multiplied by, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static ActivityRegularization l1(double weight) {
    return new ActivityRegularization(Regularizer.l1(weight));
  }

  /**
   * {@return a penalty on squares}
   *
   * @param weight what their sum is multiplied by, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static ActivityRegularization l2(double weight) {
    return new ActivityRegularization(Regularizer.l2(weight));
  }

  /**
   * {@return whether a layer adds such a penalty}
   *
   * @param layer any, which may do so at each step
   */
  public static boolean isOf(Layer layer) {
    Layer bare = layer.unfrozen();
    return bare instanceof TimeDistributed each
        ? isOf(each.layer())
        : bare instanceof ActivityRegularization;
  }

  @Override
  public String className() {
    return "ActivityRegularization";
  }

  @Override
  public String kerasName() {
    return "activity_regularization";
  }
}
