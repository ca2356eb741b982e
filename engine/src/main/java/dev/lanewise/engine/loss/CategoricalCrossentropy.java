package dev.lanewise.engine.loss;

/**
 * -sum_c t_c ln p_c with one-hot or soft targets; class indices are taken as one-hot. From the
 * logits where the last layer is a softmax; otherwise outputs are divided by their sum and clipped
 * to [1e-7, 1 - 1e-7] first, as Keras does.
 *
 * @param fromLogits whether the outputs are logits that nothing is applied to
 * @param labelSmoothing the share s of a target that is spread over all K classes: t (1 - s) + s /
 *     K; in [0, 1]
 */
public record CategoricalCrossentropy(boolean fromLogits, double labelSmoothing) implements Loss {
  /**
   * Validates the share.
   *
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  public CategoricalCrossentropy {
    requireShare("CategoricalCrossentropy", labelSmoothing);
  }

  static void requireShare(String loss, double labelSmoothing) {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          loss + ": labelSmoothing must be in [0, 1], found " + labelSmoothing);
    }
  }

  @Override
  public String kerasName() {
    return "categorical_crossentropy";
  }
}
