package dev.lanewise.engine.loss;

/**
 * Minus the cosine of the angle between outputs and targets along the last axis, from -1 where they
 * point the same way to 1. Lengths below 1e-7 count as 1e-7, as in Keras.
 */
public record CosineSimilarity() implements Loss {
  @Override
  public String kerasName() {
    return "cosine_similarity";
  }
}
