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
        BinaryFocalCrossentropy,
        CategoricalCrossentropy,
        CategoricalFocalCrossentropy,
        CategoricalHinge,
        CosineSimilarity,
        Ctc,
        Hinge,
        Huber,
        KlDivergence,
        LogCosh,
        MeanAbsoluteError,
        MeanAbsolutePercentageError,
        MeanSquaredError,
        MeanSquaredLogarithmicError,
        Poisson,
        SparseCategoricalCrossentropy,
        SquaredHinge {
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

  /** 100 times the mean of |y - t| / |t| over the last axis. */
  Loss MEAN_ABSOLUTE_PERCENTAGE_ERROR = new MeanAbsolutePercentageError();

  /** The mean of (ln(y + 1) - ln(t + 1))^2 over the last axis. */
  Loss MEAN_SQUARED_LOGARITHMIC_ERROR = new MeanSquaredLogarithmicError();

  /** The mean of y - t ln y over the last axis: outputs are rates of counts. */
  Loss POISSON = new Poisson();

  /** The mean of max(1 - t y, 0) over the last axis, with targets -1 and 1. */
  Loss HINGE = new Hinge();

  /** The mean of max(1 - t y, 0)^2 over the last axis, with targets -1 and 1. */
  Loss SQUARED_HINGE = new SquaredHinge();

  /** By how much less than 1 the target's output is above all others. */
  Loss CATEGORICAL_HINGE = new CategoricalHinge();

  /** Binary crossentropy that counts what is wrong more, with Keras's gamma of 2. */
  Loss BINARY_FOCAL_CROSSENTROPY = new BinaryFocalCrossentropy(false, 0.25, 2, false, 0);

  /** Crossentropy that counts what is wrong more, with Keras's alpha of 0.25 and gamma of 2. */
  Loss CATEGORICAL_FOCAL_CROSSENTROPY = new CategoricalFocalCrossentropy(0.25, 2, false, 0);

  /** How improbable it is that a sequence of logits spells a shorter one of labels. */
  Loss CTC = new Ctc();

  /** {@return Keras's name, for example {@code categorical_crossentropy}} */
  String kerasName();
}
