package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A layer at each step of a sequence by itself: what it makes of [features], or of steps that are
 * sequences or pictures themselves. A {@link Dense} does that anyway; the wrapper keeps what a file
 * says, and hides a softmax or sigmoid from the loss, as Keras's does. Of a {@link Merge}, or of an
 * {@link Operation}, it reads as many sequences as that reads values: so it stands in a model that
 * is called at each step, since Keras's own takes one.
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
          case OneHot _ -> "takes the ids of tokens";
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
          Embedding _,
          Relu _,
          Elu _,
          RmsNormalization _,
          Noise _,
          ActivityRegularization _,
          Elements _,
          Clip _,
          Activated _ ->
          true;
      case Dropout each -> !each.sameAtAllPositions(); // of a step, not of all
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

  /**
   * {@return a layer that makes the same of whole sequences, absent if there is none}
   *
   * @param inputs the shapes of what is read
   */
  @SuppressWarnings("exports") // of @Nullable
  public @Nullable Layer ofWhole(List<Shape> inputs) {
    boolean alike = inputs.stream().distinct().count() == 1;
    return switch (layer) {
      case Pointwise each when alike -> each;
      case Arithmetic each when alike -> each;
      case ArrayArithmetic each -> each;
      case Concatenate side when side.ofFeatures(inputs.getFirst().part().rank()) ->
          Concatenate.FEATURES.withRule(side.rule());
      case TimeDistributed within when within.ofWhole(parts(inputs)) != null ->
          within.ofWhole(parts(inputs));
      default -> actsOnFeatures() ? ofFeatures() : null;
    };
  }

  /**
   * {@return the shapes of a step of each of some sequences}
   *
   * @param inputs the shapes of these
   */
  public static List<Shape> parts(List<Shape> inputs) {
    return inputs.stream().map(Shape::part).toList();
  }

  /** {@return whether what acts on each step may read several values} */
  public boolean merges() {
    return innermost() instanceof Merge || innermost() instanceof Operation;
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
  public List<Shape> outputShapes(List<Shape> inputs) {
    if (!merges()) {
      return Layer.super.outputShapes(inputs);
    }
    inputs.forEach(TimeDistributed::requireSteps);
    int steps = inputs.getFirst().size(0);
    if (inputs.stream().anyMatch(input -> input.size(0) != steps)) {
      throw new IllegalArgumentException(
          "TimeDistributed: inputs must be of as many steps, found " + inputs);
    }
    return layer.outputShapes(parts(inputs)).stream().map(step -> step.times(steps)).toList();
  }

  private static void requireSteps(Shape input) {
    if (input.rank() < 2) {
      throw new IllegalArgumentException(
          "TimeDistributed: input must be steps, [steps, features] or [steps, ..., features],"
              + " found "
              + input);
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    requireSteps(input);
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

  @Override
  public List<ParameterSpec> parameters(List<Shape> inputs) {
    return layer.parameters(parts(inputs));
  }
}
