package dev.lanewise.engine.loss;

/**
 * -ln p_k with the class index k as the target. From the logits where the last layer is a softmax;
 * otherwise outputs are clipped to [1e-7, 1 - 1e-7] and then divided by their sum, as Keras does.
 *
 * @param fromLogits whether the outputs are logits that nothing is applied to
 */
public record SparseCategoricalCrossentropy(boolean fromLogits) implements Loss {
  @Override
  public String kerasName() {
    return "sparse_categorical_crossentropy";
  }
}
