package dev.lanewise.engine.loss;

/**
 * The mean over the last axis of -(t ln p + (1 - t) ln(1 - p)): each output says yes or no. From
 * the logits where the last layer is a sigmoid; otherwise outputs are clipped to [1e-7, 1 - 1e-7]
 * first, as Keras does.
 *
 * @param fromLogits whether the outputs are logits that nothing is applied to
 * @param labelSmoothing the share s of a target that is spread over yes and no: t (1 - s) + s / 2;
 *     in [0, 1]
 */
public record BinaryCrossentropy(boolean fromLogits, double labelSmoothing) implements Loss {
  /**
   * Validates the share.
   *
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  public BinaryCrossentropy {
    CategoricalCrossentropy.requireShare("BinaryCrossentropy", labelSmoothing);
  }

  @Override
  public String kerasName() {
    return "binary_crossentropy";
  }
}
