package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.loss.Loss;

/** How a loss is computed from what a model's last layer gives: one decision for all backends. */
public enum LossForm {
  /**
   * Softmax and crossentropy in one, from logits: the last layer leaves its softmax to the loss.
   */
  SOFTMAX_CROSSENTROPY,

  /** Crossentropy of outputs that are divided by their sum and clipped first. */
  CLIPPED_CROSSENTROPY,

  /** The mean of squares. */
  MEAN_SQUARED_ERROR;

  /** Returns the form of a loss above a layer with this activation. */
  static LossForm of(Loss loss, Activation last) {
    return switch (loss) {
      case CATEGORICAL_CROSSENTROPY, SPARSE_CATEGORICAL_CROSSENTROPY ->
          last == Activation.SOFTMAX ? SOFTMAX_CROSSENTROPY : CLIPPED_CROSSENTROPY;
      case MEAN_SQUARED_ERROR -> MEAN_SQUARED_ERROR;
    };
  }

  /** Returns whether it begins with the last layer's sums, before their softmax. */
  public boolean takesLogits() {
    return this == SOFTMAX_CROSSENTROPY;
  }
}
