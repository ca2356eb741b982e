package dev.lanewise.engine.loss;

/**
 * The mean over the last axis of w (1 - q)^gamma b: b is the {@link BinaryCrossentropy} of an
 * output p and its target t, and q = t p + (1 - t) (1 - p), so that what is right already counts
 * less (Lin et al., 2017, <a href="https://arxiv.org/abs/1708.02002">arXiv:1708.02002</a>). w = t
 * alpha + (1 - t) (1 - alpha) if classes are balanced, else 1. b is taken from the logits where the
 * last layer is a sigmoid, or outputs are logits; otherwise p is clipped to [1e-7, 1 - 1e-7] in it,
 * and in q never, as Keras does.
 *
 * @param applyClassBalancing whether yes counts by alpha and no by 1 - alpha
 * @param alpha by how much yes counts, in [0, 1]
 * @param gamma how fast an output that is nearly right loses its weight, at least 0
 * @param fromLogits whether the outputs are logits that nothing is applied to
 * @param labelSmoothing the share s of a target that is spread over yes and no: t (1 - s) + s / 2;
 *     in [0, 1]
 */
public record BinaryFocalCrossentropy(
    boolean applyClassBalancing,
    double alpha,
    double gamma,
    boolean fromLogits,
    double labelSmoothing)
    implements Loss {
  /**
   * Validates the numbers.
   *
   * @throws IllegalArgumentException if one of them is not in its range
   */
  public BinaryFocalCrossentropy {
    CategoricalFocalCrossentropy.requireFocus("BinaryFocalCrossentropy", alpha, gamma);
    if (alpha > 1) {
      throw new IllegalArgumentException(
          "BinaryFocalCrossentropy: alpha must be in [0, 1], found " + alpha);
    }
    CategoricalCrossentropy.requireShare("BinaryFocalCrossentropy", labelSmoothing);
  }

  @Override
  public String kerasName() {
    return "binary_focal_crossentropy";
  }
}
