package dev.lanewise.engine.loss;

/**
 * -alpha sum_c (1 - p_c)^gamma t_c ln p_c with one-hot or soft targets: what is right already
 * counts less (Lin et al., 2017, <a href="https://arxiv.org/abs/1708.02002">arXiv:1708.02002</a>).
 * Outputs are divided by their sum and clipped to [1e-7, 1 - 1e-7] first, above a softmax too, as
 * Keras does.
 *
 * @param alpha by how much all classes count, at least 0
 * @param gamma how fast a class that is nearly right loses its weight, at least 0
 * @param fromLogits whether the outputs are logits, of which a softmax is taken first
 * @param labelSmoothing the share s of a target that is spread over all K classes: t (1 - s) + s /
 *     K; in [0, 1]
 */
public record CategoricalFocalCrossentropy(
    double alpha, double gamma, boolean fromLogits, double labelSmoothing) implements Loss {
  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one of them is not in its range
   */
  public CategoricalFocalCrossentropy {
    requireFocus("CategoricalFocalCrossentropy", alpha, gamma);
    CategoricalCrossentropy.requireShare("CategoricalFocalCrossentropy", labelSmoothing);
  }

  static void requireFocus(String loss, double alpha, double gamma) {
    require(loss, "alpha", alpha);
    require(loss, "gamma", gamma);
  }

  private static void require(String loss, String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          loss + ": " + name + " must be at least 0, found " + value);
    }
  }

  @Override
  public String kerasName() {
    return "categorical_focal_crossentropy";
  }
}
