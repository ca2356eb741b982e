package dev.lanewise.engine.backend;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.loss.BinaryCrossentropy;
import dev.lanewise.engine.loss.BinaryFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalCrossentropy;
import dev.lanewise.engine.loss.CategoricalFocalCrossentropy;
import dev.lanewise.engine.loss.CategoricalHinge;
import dev.lanewise.engine.loss.CosineSimilarity;
import dev.lanewise.engine.loss.Ctc;
import dev.lanewise.engine.loss.Hinge;
import dev.lanewise.engine.loss.Huber;
import dev.lanewise.engine.loss.KlDivergence;
import dev.lanewise.engine.loss.LogCosh;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.loss.MeanAbsoluteError;
import dev.lanewise.engine.loss.MeanAbsolutePercentageError;
import dev.lanewise.engine.loss.MeanSquaredError;
import dev.lanewise.engine.loss.MeanSquaredLogarithmicError;
import dev.lanewise.engine.loss.Poisson;
import dev.lanewise.engine.loss.SparseCategoricalCrossentropy;
import dev.lanewise.engine.loss.SquaredHinge;

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

  /** 100 times the mean of |y - t| / |t|. */
  record PercentageError() implements LossForm {}

  /** The mean of (ln(y + 1) - ln(t + 1))^2. */
  record LogarithmicError() implements LossForm {}

  /** The mean of y - t ln y. */
  record CountError() implements LossForm {}

  /**
   * The mean of max(1 - t y, 0), or of its square, where a target of 0 is one of -1.
   *
   * @param squared whether it is of the square
   */
  record Margin(boolean squared) implements LossForm {}

  /** By how much less than 1 the target's output is above all others. */
  record CategoricalMargin() implements LossForm {}

  /**
   * How crossentropy counts what is wrong more than what is nearly right.
   *
   * @param gamma the power of how far off an output is
   * @param yes by how much a target of 1 counts
   * @param no by how much one of 0 counts; of classes, of which the target's alone counts, unused
   * @param labelSmoothing the share of a target that is spread over the others
   */
  record Focus(double gamma, double yes, double no, double labelSmoothing) {}

  /**
   * Sigmoid and focal crossentropy of yes and no in one, from logits.
   *
   * @param takesLogits whether the last layer leaves its sigmoid to the loss; otherwise the logits
   *     are what the model gives
   * @param focus what counts how much
   */
  record SigmoidFocal(boolean takesLogits, Focus focus) implements LossForm {
    @Override
    public Activation applied() {
      return Activation.SIGMOID;
    }
  }

  /**
   * Focal crossentropy of clipped outputs that each say yes or no.
   *
   * @param focus what counts how much
   */
  record ClippedBinaryFocal(Focus focus) implements LossForm {}

  /**
   * Softmax and focal crossentropy in one, from logits that the model gives.
   *
   * @param focus what counts how much
   */
  record SoftmaxFocal(Focus focus) implements LossForm {
    @Override
    public Activation applied() {
      return Activation.SOFTMAX;
    }
  }

  /**
   * Connectionist temporal classification of a whole sequence of logits that the model gives, each
   * step's softmax with it.
   */
  record SoftmaxCtc() implements LossForm {
    @Override
    public Activation applied() {
      return Activation.SOFTMAX;
    }
  }

  /**
   * Focal crossentropy of outputs that are divided by their sum and then clipped.
   *
   * @param focus what counts how much
   */
  record ClippedFocal(Focus focus) implements LossForm {}

  /**
   * {@return the form of a loss above a layer with this activation} As in Keras, a softmax or a
   * sigmoid right below its crossentropy counts as such even where the loss is said to take logits.
   *
   * @param loss what is minimised
   * @param last the activation of the layer below it
   */
  static LossForm of(Loss loss, Activation last) {
    return of(loss, last, true);
  }

  /**
   * {@return the form of a loss that is a metric above a layer with this activation} Logits below
   * the activation are there only where the output's own loss takes them.
   *
   * @param loss what is measured
   * @param last the activation of the layer below it
   * @param judged the form of the output's loss
   */
  static LossForm ofMetric(Loss loss, Activation last, LossForm judged) {
    return of(loss, last, judged.takesLogits());
  }

  private static LossForm of(Loss loss, Activation last, boolean known) {
    boolean softmax = last == Activation.SOFTMAX;
    boolean sigmoid = last == Activation.SIGMOID;
    return switch (loss) {
      case CategoricalCrossentropy(boolean fromLogits, double smoothing) ->
          (softmax ? known : fromLogits)
              ? new SoftmaxCrossentropy(softmax, smoothing)
              : new ClippedCrossentropy(smoothing);
      case SparseCategoricalCrossentropy(boolean fromLogits) ->
          (softmax ? known : fromLogits)
              ? new SoftmaxCrossentropy(softmax, 0)
              : new ClippedSparseCrossentropy();
      case BinaryCrossentropy(boolean fromLogits, double smoothing) ->
          (sigmoid ? known : fromLogits)
              ? new SigmoidCrossentropy(sigmoid, smoothing)
              : new ClippedBinaryCrossentropy(smoothing);
      case KlDivergence divergence -> new Divergence();
      case CosineSimilarity similarity -> new Cosine();
      case MeanSquaredError error -> new SquaredError();
      case MeanAbsoluteError error -> new AbsoluteError();
      case Huber(double delta) -> new HuberError(delta);
      case LogCosh error -> new LogCoshError();
      case MeanAbsolutePercentageError error -> new PercentageError();
      case MeanSquaredLogarithmicError error -> new LogarithmicError();
      case Poisson counts -> new CountError();
      case Hinge margin -> new Margin(false);
      case SquaredHinge margin -> new Margin(true);
      case CategoricalHinge margin -> new CategoricalMargin();
      case Ctc paths -> new SoftmaxCtc();
      case BinaryFocalCrossentropy focal -> binary(focal, sigmoid && known);
      case CategoricalFocalCrossentropy(
              double alpha,
              double gamma,
              boolean fromLogits,
              double s) -> {
        Focus focus = new Focus(gamma, alpha, alpha, s);
        yield fromLogits ? new SoftmaxFocal(focus) : new ClippedFocal(focus);
      }
    };
  }

  /** Keras applies a sigmoid of its own to logits first, whatever they are made by. */
  private static LossForm binary(BinaryFocalCrossentropy loss, boolean belowSigmoid) {
    boolean balanced = loss.applyClassBalancing();
    double yes = balanced ? loss.alpha() : 1;
    double no = balanced ? 1 - loss.alpha() : 1;
    Focus focus = new Focus(loss.gamma(), yes, no, loss.labelSmoothing());
    if (loss.fromLogits()) {
      return new SigmoidFocal(false, focus);
    }
    return belowSigmoid ? new SigmoidFocal(true, focus) : new ClippedBinaryFocal(focus);
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
