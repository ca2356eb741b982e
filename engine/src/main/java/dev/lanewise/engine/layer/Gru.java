package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The gated recurrent unit (Cho et al. 2014), Keras's {@code GRU}:
 *
 * <pre>
 *   z = recurrentActivation(x_t * kernel_z + h_{t-1} * recurrentKernel_z + bias_z)
 *   r = recurrentActivation(x_t * kernel_r + h_{t-1} * recurrentKernel_r + bias_r)
 *   resetAfter:  c = activation(x_t * kernel_h + bias_h + r . (h_{t-1} * recurrentKernel_h + bias'_h))
 *   otherwise:   c = activation(x_t * kernel_h + (r . h_{t-1}) * recurrentKernel_h + bias_h)
 *   h_t = z . h_{t-1} + (1 - z) . c, h_0 = 0
 * </pre>
 *
 * <table>
 *   <caption>Parameters, gates in the order z, r, h</caption>
 *   <tr><td>kernel</td><td>[features, 3 units]</td><td>Glorot uniform</td></tr>
 *   <tr><td>recurrent_kernel</td><td>[units, 3 units]</td><td>orthogonal</td></tr>
 *   <tr><td>bias</td><td>[2, 3 units] if {@code resetAfter}, what is added to the inputs' part and
 *       to the state's; otherwise [3 units]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps every x_t, h_t, gate and candidate.
 *
 * @param units the width of the state, 1 to 2^22
 * @param activation the function of the candidate; softmax is not offered
 * @param recurrentActivation the function of the gates; softmax is not offered
 * @param resetAfter whether the reset gate acts after the product with the state, as cuDNN's does,
 *     or before it, as in the paper
 * @param options what it has in common with other recurrent layers
 */
public record Gru(
    int units,
    Activation activation,
    Activation recurrentActivation,
    boolean resetAfter,
    RecurrentOptions options)
    implements CellLayer, OneCell<Gru> {
  private static final int GATES = 3;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code units} is out of range or an activation is softmax
   */
  public Gru {
    Units.check("Gru", units, GATES + 1);
    Objects.requireNonNull(activation, "Gru: activation");
    Objects.requireNonNull(recurrentActivation, "Gru: recurrentActivation");
    Objects.requireNonNull(options, "Gru: options");
    Recurrent.requireElementwise("Gru", "activation", activation);
    Recurrent.requireElementwise("Gru", "recurrentActivation", recurrentActivation);
  }

  /**
   * {@return a layer with Keras's defaults: tanh, sigmoid, reset after, the last state alone}
   *
   * @param units the size of a state, at least 1
   */
  public static Gru of(int units) {
    return new Gru(units, Activation.TANH, Activation.SIGMOID, true, RecurrentOptions.DEFAULTS);
  }

  /**
   * {@return this layer with another activation}
   *
   * @param other the function of the candidate state
   */
  public Gru withActivation(Activation other) {
    return new Gru(units, other, recurrentActivation, resetAfter, options);
  }

  /**
   * {@return this layer with another function of the gates}
   *
   * @param other the function of both gates
   */
  public Gru withRecurrentActivation(Activation other) {
    return new Gru(units, activation, other, resetAfter, options);
  }

  /** {@return this layer with the reset gate acting before the product with the state} */
  public Gru resettingBefore() {
    return new Gru(units, activation, recurrentActivation, false, options);
  }

  @Override
  public Gru with(RecurrentOptions other) {
    return new Gru(units, activation, recurrentActivation, resetAfter, other);
  }

  @Override
  public String className() {
    return "GRU";
  }

  @Override
  public String kerasName() {
    return "gru";
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    int columns = GATES * units;
    return options.arrays(
        Shape.of(input.size(-1), columns),
        Shape.of(units, columns),
        resetAfter ? Shape.of(2, columns) : Shape.of(columns),
        rules().bias());
  }
}
