package dev.lanewise.engine.layer;

/**
 * A penalty on a parameter's size, added to the loss: l1 sum |w| + l2 sum w^2. Its gradient, l1
 * sign w + 2 l2 w, is added before gradients are limited.
 *
 * @param l1 the weight of the sum of magnitudes, at least 0
 * @param l2 the weight of the sum of squares, at least 0
 */
public record Regularizer(double l1, double l2) {
  /** No penalty. */
  public static final Regularizer NONE = new Regularizer(0, 0);

  /**
   * Validates the weights.
   *
   * @throws IllegalArgumentException if one is negative or not finite
   */
  public Regularizer {
    require("l1", l1);
    require("l2", l2);
  }

  private static void require(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "regularizer: " + name + " must be at least 0 and finite, found " + value);
    }
  }

  /**
   * {@return a penalty on magnitudes}
   *
   * @param weight what the sum is multiplied by, at least 0
   */
  public static Regularizer l1(double weight) {
    return new Regularizer(weight, 0);
  }

  /**
   * {@return a penalty on squares}
   *
   * @param weight what the sum is multiplied by, at least 0
   */
  public static Regularizer l2(double weight) {
    return new Regularizer(0, weight);
  }
}
