package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer that walks over the steps of a sequence with a state: [steps, features] becomes its last
 * state, [units], or all of them, [steps, units]; {@link ConvLstm} has such at each of several
 * places.
 *
 * <p>Its dropouts are of the inputs and the states that its sums take: what is dropped of a sample
 * is dropped at all of its steps (Gal and Ghahramani 2016), the rest multiplied by 1 / (1 - rate);
 * the state that is carried on, and given out, loses nothing. The gates do without the same inputs,
 * or, if states are dropped too, each without its own inputs and states, as in Keras.
 */
public sealed interface Recurrent extends Layer permits CellLayer, ConvLstm, Rnn {
  /** {@return the width of its outputs} */
  int units();

  /** {@return how it walks} */
  RecurrentOptions options();

  /**
   * {@return this layer with other options}
   *
   * @param other walk, bias, dropout and rules for parameters
   */
  Recurrent with(RecurrentOptions other);

  /** {@return this layer walking its input from the other end} */
  default Recurrent turned() {
    return with(options().turned());
  }

  /** {@return whether the output is every state in place of the last} */
  default boolean returnSequences() {
    return options().walk().returnSequences();
  }

  /** {@return whether the output at a masked step is zero, in place of the output before it} */
  default boolean zeroOutputForMask() {
    return options().walk().zeroOutputForMask();
  }

  /** {@return whether the last states are outputs too, h first, behind the output itself} */
  default boolean returnState() {
    return options().walk().returnState();
  }

  /**
   * {@return the shapes of the states that are carried from step to step: of each cell h, and the
   * cell state of an LSTM}
   *
   * @param input the shape of one sample
   */
  List<Shape> stateShapes(Shape input);

  /** {@return whether a batch begins with the states that the one before has left} */
  default boolean stateful() {
    return options().walk().stateful();
  }

  /** {@return whether the input is walked from its end} */
  default boolean goBackwards() {
    return options().walk().goBackwards();
  }

  @Override
  default Shape outputShape(Shape input) {
    if (input.rank() != 2) {
      throw new IllegalArgumentException(
          getClass().getSimpleName()
              + ": input must be [steps, features], found "
              + input
              + "; give the layer below returnSequences, or the model a two-dimensional input");
    }
    return returnSequences() ? Shape.of(input.size(0), units()) : Shape.of(units());
  }

  /** A sequence, and where states are given to begin with, all of them, h first. */
  @Override
  default List<Shape> outputShapes(List<Shape> inputs) {
    Shape input = inputs.getFirst();
    List<Shape> outputs = new ArrayList<>(List.of(outputShape(input)));
    requireStates(this, inputs, stateShapes(input));
    if (returnState()) {
      outputs.addAll(stateShapes(input));
    }
    return outputs;
  }

  /**
   * Refuses states to begin with that are not a layer's.
   *
   * @param layer the layer, for the message
   * @param inputs the shape of all that it reads, its sequence first
   * @param states the shape of each state that it has
   */
  static void requireStates(Layer layer, List<Shape> inputs, List<Shape> states) {
    List<Shape> given = inputs.subList(1, inputs.size());
    if (!given.isEmpty() && !given.equals(states)) {
      throw new IllegalArgumentException(
          layer.className()
              + ": takes a sequence and, to begin with, either no states or "
              + states
              + ", found "
              + given);
    }
  }

  /**
   * Refuses an activation that does not act on each element alone.
   *
   * @param layer the layer's name, for the message
   * @param name the option's name, for the message
   * @param activation the function
   */
  static void requireElementwise(String layer, String name, Activation activation) {
    if (activation == Activation.SOFTMAX) {
      throw new IllegalArgumentException(
          layer + ": " + name + " must act on each element alone, as tanh does, found softmax");
    }
  }
}
