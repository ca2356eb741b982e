package dev.lanewise.engine.loss;

import java.util.Locale;

/**
 * What training minimises, a mean over the samples of a batch (over samples and steps where the
 * output is a sequence).
 */
public enum Loss {
  /**
   * -sum_c t_c ln p_c with one-hot or soft targets; class indices are taken as one-hot. From the
   * logits where the last layer is a softmax; otherwise outputs are divided by their sum and
   * clipped to [1e-7, 1 - 1e-7] first, as Keras does.
   */
  CATEGORICAL_CROSSENTROPY,

  /** The same with class indices as targets. */
  SPARSE_CATEGORICAL_CROSSENTROPY,

  /** The mean of (y - t)^2 over the last axis. */
  MEAN_SQUARED_ERROR;

  /** Returns Keras's name, for example {@code categorical_crossentropy}. */
  public String kerasName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the targets are classes. */
  public boolean isCrossentropy() {
    return switch (this) {
      case CATEGORICAL_CROSSENTROPY, SPARSE_CATEGORICAL_CROSSENTROPY -> true;
      case MEAN_SQUARED_ERROR -> false;
    };
  }
}
