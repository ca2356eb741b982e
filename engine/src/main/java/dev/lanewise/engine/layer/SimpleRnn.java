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
    implements CellLayer {
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

  /** {@return this layer without its bias} */
  public SimpleRnn withoutBias() {
    return with(options.withoutBias());
  }

  /** {@return this layer with every state as its output} */
  public SimpleRnn returningSequences() {
    return with(options.returningSequences());
  }

  /** {@return this layer with its last state as an output too} */
  public SimpleRnn returningState() {
    return with(options.returningState());
  }

  /**
   * {@return this layer beginning each batch with the states that the one before has left; the
   * model's input then needs a batch size}
   */
  public SimpleRnn keepingState() {
    return with(options.keepingState());
  }

  /** {@return this layer walking its input from the end} */
  public SimpleRnn goingBackwards() {
    return with(options.goingBackwards());
  }

  /**
   * {@return this layer with other rates of {@link Recurrent what is dropped in training}}
   *
   * @param dropout the share of the inputs, in [0, 1)
   * @param recurrentDropout the share of the state, in [0, 1)
   */
  public SimpleRnn withDropout(double dropout, double recurrentDropout) {
    return with(options.withDropout(dropout, recurrentDropout));
  }

  /**
   * {@return this layer with other penalties}
   *
   * @param others those that take their place
   */
  public SimpleRnn withRegularizers(Regularizers others) {
    return with(options.withRegularizers(others));
  }

  /**
   * {@return this layer with other rules that its parameters keep}
   *
   * @param others those of kernel, recurrent kernel and bias
   */
  public SimpleRnn withConstraints(Constraints others) {
    return with(options.withConstraints(others));
  }

  @Override
  public SimpleRnn turned() {
    return with(options.turned());
  }

  /**
   * {@return this layer with other start values}
   *
   * @param others those that take their place
   */
  public SimpleRnn withInitializers(Initializers others) {
    return with(options.withInitializers(others));
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
    return options.parameters(
        Shape.of(input.size(-1), units),
        Shape.of(units, units),
        Shape.of(units),
        options.initializers().bias());
  }
}
