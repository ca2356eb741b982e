package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A layer at each step of a sequence by itself: what it makes of [features], or of steps that are
 * sequences or pictures themselves. A {@link Dense} does that anyway; the wrapper keeps what a file
 * says, and hides a softmax or sigmoid from the loss, as Keras's does.
 *
 * @param layer what acts on each step
 */
public record TimeDistributed(Layer layer) implements Layer {
  /**
   * Validates the layer.
   *
   * @throws IllegalArgumentException if it cannot act on a step by itself
   */
  public TimeDistributed {
    Objects.requireNonNull(layer, "TimeDistributed: layer");
    String refusal =
        switch (layer) {
          case Masking masking -> "makes a mask, which would end with the step";
          case Recurrent recurrent when recurrent.stateful() -> "keeps states";
          case Bidirectional both when both.forward().stateful() -> "keeps states";
          case Recurrent recurrent when recurrent.returnState() -> "gives its states";
          case Bidirectional both when both.forward().returnState() -> "gives its states";
          case Bidirectional both when both.outputs() > 1 -> "gives two values";
          case Frozen frozen -> "is frozen; let the wrapper be";
          case Operation operation -> "is an operation and no layer";
          case Normalization normalization -> "has means of its own";
          case Merge merge -> "reads several values";
          default -> ""; // acts on what it is given
        };
    if (!refusal.isEmpty()) {
      throw new IllegalArgumentException(
          "TimeDistributed: " + layer.className() + " " + refusal + ", which is not offered");
    }
  }

  /**
   * {@return whether the layer acts on the last size alone, so that it makes the same of a whole
   * sequence}
   */
  public boolean actsOnFeatures() {
    return switch (layer) {
      case Dense _,
          BatchNormalization _,
          Rescaling _,
          ActivationLayer _,
          LeakyRelu _,
          Dropout _,
          Embedding _,
          Relu _,
          Elu _,
          RmsNormalization _,
          Noise _,
          ActivityRegularization _ ->
          true;
      case LayerNormalization each -> each.axes().equals(Axes.LAST);
      case UnitNormalization each -> each.axes().equals(Axes.LAST);
      case TimeDistributed distributed -> distributed.actsOnFeatures();
      default -> false; // it is called for each step by itself
    };
  }

  /** {@return the layer that is no wrapper itself} */
  public Layer innermost() {
    return layer instanceof TimeDistributed inner ? inner.innermost() : layer;
  }

  /** {@return how many wrappers are around {@link #innermost}} */
  public int depth() {
    return layer instanceof TimeDistributed inner ? 1 + inner.depth() : 1;
  }

  /** {@return the layer, its axis being told so that it is the same of a whole sequence} */
  public Layer ofFeatures() {
    return layer instanceof BatchNormalization norm ? norm.withAxis(-1) : layer;
  }

  @Override
  public String className() {
    return "TimeDistributed";
  }

  @Override
  public String kerasName() {
    return "time_distributed";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() < 2) {
      throw new IllegalArgumentException(
          "TimeDistributed: input must be steps, [steps, features] or [steps, ..., features],"
              + " found "
              + input);
    }
    if (layer instanceof BatchNormalization norm && !norm.ofFeatures(input.part())) {
      throw new IllegalArgumentException(
          "TimeDistributed: BatchNormalization along axis "
              + norm.axis()
              + " of samples of "
              + input.part()
              + ", which is not the last, is not offered");
    }
    return layer.outputShape(input.part()).times(input.size(0));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return layer.parameters(input.part());
  }
}
