package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Two recurrent layers on the same sequence, one from its beginning and one from its end (Schuster
 * and Paliwal 1997). With sequences, the backward layer's outputs are put in the order of the
 * input; without, each layer gives the state after its last step.
 *
 * <p>Its parameters are the forward layer's, then the backward layer's.
 *
 * @param forward the layer that walks from the beginning
 * @param backward the layer that walks from the end; it may be of another kind and width
 * @param merge how both outputs become one
 */
public record Bidirectional(Recurrent forward, Recurrent backward, Merge merge) implements Layer {
  /** How two outputs become one; names are Keras's. */
  public enum Merge {
    /** Side by side, the forward layer's first. */
    CONCAT,
    /** Added. */
    SUM,
    /** Multiplied, element by element. */
    MUL,
    /** Half of the sum. */
    AVE,
    /** Not at all: the layer gives both, the forward layer's first. */
    NONE
  }

  /**
   * Validates the layers.
   *
   * @throws IllegalArgumentException if they walk in the same direction, one returns sequences and
   *     the other does not, or widths differ that have to be the same
   */
  public Bidirectional {
    Objects.requireNonNull(forward, "Bidirectional: forward");
    Objects.requireNonNull(backward, "Bidirectional: backward");
    Objects.requireNonNull(merge, "Bidirectional: merge");
    if (forward.goBackwards() == backward.goBackwards()) {
      throw new IllegalArgumentException(
          "Bidirectional: both layers walk in the same direction; let one go backwards");
    }
    if (forward.returnSequences() != backward.returnSequences()) {
      throw new IllegalArgumentException(
          "Bidirectional: one layer returns sequences and the other does not");
    }
    if (forward.returnState() != backward.returnState()) {
      throw new IllegalArgumentException(
          "Bidirectional: one layer returns its states and the other does not");
    }
    if (forward.stateful() != backward.stateful()) {
      throw new IllegalArgumentException(
          "Bidirectional: one layer is stateful and the other is not");
    }
    boolean apart = merge == Merge.CONCAT || merge == Merge.NONE;
    if (!apart && forward.units() != backward.units()) {
      throw new IllegalArgumentException(
          "Bidirectional: merge "
              + merge.name().toLowerCase(Locale.ROOT)
              + " needs layers of the same width, found "
              + forward.units()
              + " and "
              + backward.units());
    }
    forward = zeroingItsSequence(forward);
    backward = zeroingItsSequence(backward);
  }

  /** As in Keras: at masked steps a sequence is zero, whatever the layer itself would give. */
  private static Recurrent zeroingItsSequence(Recurrent layer) {
    return layer.with(layer.options().withZeroOutputForMask(layer.returnSequences()));
  }

  /**
   * {@return both directions of a layer, side by side, Keras's default}
   *
   * @param layer the layer that goes forward; the other direction is its mirror image
   */
  public static Bidirectional of(Recurrent layer) {
    return of(layer, Merge.CONCAT);
  }

  /**
   * {@return both directions of a layer}
   *
   * @param layer the layer that goes forward; the other direction is its mirror image
   * @param merge how the two outputs become one
   */
  public static Bidirectional of(Recurrent layer, Merge merge) {
    return new Bidirectional(layer, layer.turned(), merge);
  }

  /** {@return whether the output is every state in place of the last} */
  public boolean returnSequences() {
    return forward.returnSequences();
  }

  /** {@return the width of the output, or of the first of two} */
  public int width() {
    return merge == Merge.CONCAT ? forward.units() + backward.units() : forward.units();
  }

  @Override
  public String className() {
    return "Bidirectional";
  }

  @Override
  public String kerasName() {
    return "bidirectional";
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape one = forward.outputShape(input);
    return one.withLast(width());
  }

  /** {@return how many outputs there are before the states} */
  public int outputs() {
    return merge == Merge.NONE ? 2 : 1;
  }

  /** A sequence, and states to begin with, forward's first; so are those that are given out. */
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape input = inputs.getFirst();
    List<Shape> outputs = new ArrayList<>(List.of(outputShape(input)));
    List<Shape> states = new ArrayList<>(forward.stateShapes(input));
    states.addAll(backward.stateShapes(input));
    Recurrent.requireStates(this, inputs, states);
    if (merge == Merge.NONE) {
      outputs.add(backward.outputShape(input));
    }
    if (forward.returnState()) {
      outputs.addAll(states);
    }
    return outputs;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<ParameterSpec> specs = new ArrayList<>(forward.parameters(input));
    specs.addAll(backward.parameters(input));
    return List.copyOf(specs);
  }
}
