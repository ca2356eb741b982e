package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The fully connected recurrent layer (Elman 1990), Keras's {@code SimpleRNN}:
 *
 * <pre>h_t = activation(x_t * kernel + bias + h_{t-1} * recurrentKernel), h_0 = 0</pre>
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[features, units]</td><td>Glorot uniform</td></tr>
 *   <tr><td>recurrent_kernel</td><td>[units, units]</td><td>orthogonal</td></tr>
 *   <tr><td>bias</td><td>[units]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps every x_t and h_t.
 *
 * @param units the width of the state, 1 to 2^24
 * @param activation the function applied to the sums; softmax is not offered
 * @param useBias whether a bias is added
 * @param returnSequences whether the output is every h_t, [steps, units], in place of the last
 * @param goBackwards whether the input is walked from its end; outputs stay in the order walked
 */
public record SimpleRnn(
    int units, Activation activation, boolean useBias, boolean returnSequences, boolean goBackwards)
    implements Recurrent {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code units} is out of range or the activation is softmax
   */
  public SimpleRnn {
    Units.check("SimpleRnn", units);
    Objects.requireNonNull(activation, "SimpleRnn: activation");
    if (activation == Activation.SOFTMAX) {
      throw new IllegalArgumentException(
          "SimpleRnn: activation must be tanh, relu, sigmoid or linear, found softmax");
    }
  }

  /** Returns a layer with Keras's defaults: tanh, a bias, the last state alone, forwards. */
  public static SimpleRnn of(int units) {
    return new SimpleRnn(units, Activation.TANH, true, false, false);
  }

  /** Returns this layer with another activation. */
  public SimpleRnn withActivation(Activation other) {
    return new SimpleRnn(units, other, useBias, returnSequences, goBackwards);
  }

  /** Returns this layer without its bias. */
  public SimpleRnn withoutBias() {
    return new SimpleRnn(units, activation, false, returnSequences, goBackwards);
  }

  /** Returns this layer with every state as its output. */
  public SimpleRnn returningSequences() {
    return new SimpleRnn(units, activation, useBias, true, goBackwards);
  }

  /** Returns this layer walking its input from the end. */
  public SimpleRnn goingBackwards() {
    return new SimpleRnn(units, activation, useBias, returnSequences, true);
  }

  @Override
  public String kerasName() {
    return "simple_rnn";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 2) {
      throw new IllegalArgumentException(
          "SimpleRnn: input must be [steps, features], found "
              + input
              + "; give the layer below returnSequences, or the model a two-dimensional input");
    }
    return returnSequences ? Shape.of(input.size(0), units) : Shape.of(units);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(
        new ParameterSpec("kernel", Shape.of(input.size(-1), units), Initializer.GLOROT_UNIFORM));
    specs.add(
        new ParameterSpec("recurrent_kernel", Shape.of(units, units), Initializer.ORTHOGONAL));
    if (useBias) {
      specs.add(new ParameterSpec("bias", Shape.of(units), Initializer.ZEROS));
    }
    return List.copyOf(specs);
  }
}
