package dev.lanewise.engine.loss;

/**
 * What training minimises, a mean over the samples of a batch (over samples and steps where the
 * output is a sequence). How it is computed also depends on the model's last layer: {@code
 * LossForm}.
 *
 * <p>No method has a body here, so that the constants are made when they are first asked for and
 * never while one of their classes is.
 */
public sealed interface Loss
    permits BinaryCrossentropy,
        CategoricalCrossentropy,
        CosineSimilarity,
        Huber,
        KlDivergence,
        LogCosh,
        MeanAbsoluteError,
        MeanSquaredError,
        SparseCategoricalCrossentropy {
  /** Crossentropy of one-hot or soft targets. */
  Loss CATEGORICAL_CROSSENTROPY = new CategoricalCrossentropy(false, 0);

  /** The same with class indices as targets. */
  Loss SPARSE_CATEGORICAL_CROSSENTROPY = new SparseCategoricalCrossentropy(false);

  /** Crossentropy of outputs that each say yes or no. */
  Loss BINARY_CROSSENTROPY = new BinaryCrossentropy(false, 0);

  /** The mean of (y - t)^2 over the last axis. */
  Loss MEAN_SQUARED_ERROR = new MeanSquaredError();

  /** The mean of |y - t| over the last axis. */
  Loss MEAN_ABSOLUTE_ERROR = new MeanAbsoluteError();

  /** Squares of small errors, sizes of large ones, which begin at 1. */
  Loss HUBER = new Huber(1);

  /** The mean of ln cosh(y - t) over the last axis. */
  Loss LOG_COSH = new LogCosh();

  /** The sum of t ln(t / y) over the last axis. */
  Loss KL_DIVERGENCE = new KlDivergence();

  /** Minus the cosine between outputs and targets. */
  Loss COSINE_SIMILARITY = new CosineSimilarity();

  /** {@return Keras's name, for example {@code categorical_crossentropy}} */
  String kerasName();
}
