package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Matrix;

/** How attention makes scores [Tq, Tv] of one sample's query [Tq, F] and key [Tv, F]. */
interface Scores {
  /** Computes the scores. */
  void forward(Matrix query, Matrix key, Matrix scores);

  /** Begins the gradients of its weights. */
  void beginGradients(int shard);

  /**
   * Computes the gradients by query and key, and adds those by its weights to a shard's.
   *
   * @param dScores the gradient by the scores; may be overwritten
   */
  void backward(Matrix query, Matrix key, Matrix dScores, Matrix dQuery, Matrix dKey, int shard);
}
