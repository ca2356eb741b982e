package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.MeanSquaredError;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;

/** How a loss is computed from what a model's last layer gives: one decision for all backends. */
public sealed interface LossForm {
  /**
   * Softmax and crossentropy in one, from logits, with gradient p - t.
   *
   * @param takesLogits whether the last layer leaves its softmax to the loss; otherwise the logits
   *     are what the model gives
   * @param labelSmoothing the share of a target that is spread over all classes
   */
  record SoftmaxCrossentropy(boolean takesLogits, double labelSmoothing) implements LossForm {
    @Override
    public Activation applied() {
      return Activation.SOFTMAX;
    }
  }

  /**
   * Sigmoid and crossentropy in one, from logits, with gradient (p - t) / units.
   *
   * @param takesLogits whether the last layer leaves its sigmoid to the loss; otherwise the logits
   *     are what the model gives
   * @param labelSmoothing the share of a target that is spread over yes and no
   */
  record SigmoidCrossentropy(boolean takesLogits, double labelSmoothing) implements LossForm {
    @Override
    public Activation applied() {
      return Activation.SIGMOID;
    }
  }

  /**
   * Crossentropy of outputs that are divided by their sum and then clipped.
   *
   * @param labelSmoothing the share of a target that is spread over all classes
   */
  record ClippedCrossentropy(double labelSmoothing) implements LossForm {}

  /** Crossentropy of outputs that are clipped and then divided by their sum. */
  record ClippedSparseCrossentropy() implements LossForm {}

  /**
   * Crossentropy of clipped outputs that each say yes or no.
   *
   * @param labelSmoothing the share of a target that is spread over yes and no
   */
  record ClippedBinaryCrossentropy(double labelSmoothing) implements LossForm {}

  /** The sum of t ln(t / y), clipped. */
  record Divergence() implements LossForm {}

  /** Minus the cosine between outputs and targets. */
  record Cosine() implements LossForm {}

  /** The mean of (y - t)^2. */
  record SquaredError() implements LossForm {}

  /** The mean of |y - t|. */
  record AbsoluteError() implements LossForm {}

  /**
   * The mean of squares that turn into lines.
   *
   * @param delta where they do
   */
  record HuberError(double delta) implements LossForm {}

  /** The mean of ln cosh(y - t). */
  record LogCoshError() implements LossForm {}

  /**
   * {@return the form of a loss above a layer with this activation} As in Keras, a softmax or a
   * sigmoid right below its crossentropy counts as such even where the loss is said to take logits.
   *
   * @param loss what is minimised
   * @param last the activation of the layer below it
   */
  static LossForm of(Loss loss, Activation last) {
    return switch (loss) {
      case CategoricalCrossentropy(boolean fromLogits, double smoothing) ->
          fromLogits || last == Activation.SOFTMAX
              ? new SoftmaxCrossentropy(last == Activation.SOFTMAX, smoothing)
              : new ClippedCrossentropy(smoothing);
      case SparseCategoricalCrossentropy(boolean fromLogits) ->
          fromLogits || last == Activation.SOFTMAX
              ? new SoftmaxCrossentropy(last == Activation.SOFTMAX, 0)
              : new ClippedSparseCrossentropy();
      case BinaryCrossentropy(boolean fromLogits, double smoothing) ->
          fromLogits || last == Activation.SIGMOID
              ? new SigmoidCrossentropy(last == Activation.SIGMOID, smoothing)
              : new ClippedBinaryCrossentropy(smoothing);
      case KlDivergence divergence -> new Divergence();
      case CosineSimilarity similarity -> new Cosine();
      case MeanSquaredError error -> new SquaredError();
      case MeanAbsoluteError error -> new AbsoluteError();
      case Huber(double delta) -> new HuberError(delta);
      case LogCosh error -> new LogCoshError();
    };
  }

  /**
   * {@return the activation that the loss applies itself to what the last layer gives; linear where
   * it works on that as it is}
   */
  default Activation applied() {
    return Activation.LINEAR;
  }

  /**
   * {@return whether the last layer leaves its activation to the loss and gives its sums: the
   * outputs that a user sees are then what the loss applies}
   */
  default boolean takesLogits() {
    return false;
  }
}
