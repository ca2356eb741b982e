package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
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
 * @param options what it has in common with other recurrent layers
 */
public record SimpleRnn(int units, Activation activation, RecurrentOptions options)
    implements CellLayer, OneCell<SimpleRnn> {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code units} is out of range or the activation is softmax
   */
  public SimpleRnn {
    Units.check("SimpleRnn", units);
    Objects.requireNonNull(activation, "SimpleRnn: activation");
    Objects.requireNonNull(options, "SimpleRnn: options");
    Recurrent.requireElementwise("SimpleRnn", "activation", activation);
  }

  /**
   * {@return a layer with Keras's defaults: tanh, a bias, the last state alone, forwards}
   *
   * @param units the size of a state, at least 1
   */
  public static SimpleRnn of(int units) {
    return new SimpleRnn(units, Activation.TANH, RecurrentOptions.DEFAULTS);
  }

  /**
   * {@return this layer with another activation}
   *
   * @param other the function of each state
   */
  public SimpleRnn withActivation(Activation other) {
    return new SimpleRnn(units, other, options);
  }

  @Override
  public SimpleRnn with(RecurrentOptions other) {
    return new SimpleRnn(units, activation, other);
  }

  @Override
  public String className() {
    return "SimpleRNN";
  }

  @Override
  public String kerasName() {
    return "simple_rnn";
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return options.arrays(
        Shape.of(input.size(-1), units), Shape.of(units, units), Shape.of(units), rules().bias());
  }
}
