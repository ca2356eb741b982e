package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.
 * 2000), Keras's {@code LSTM}:
 *
 * <pre>
 *   i, f, g, o = x_t * kernel + h_{t-1} * recurrentKernel + bias, four blocks of units columns
 *   c_t = recurrentActivation(f) . c_{t-1} + recurrentActivation(i) . activation(g), c_0 = 0
 *   h_t = recurrentActivation(o) . activation(c_t), h_0 = 0
 * </pre>
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[features, 4 units]</td><td>Glorot uniform</td></tr>
 *   <tr><td>recurrent_kernel</td><td>[units, 4 units]</td><td>orthogonal</td></tr>
 *   <tr><td>bias</td><td>[4 units]</td><td>zeros, f's ones if {@code unitForgetBias};
 *       absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps every x_t, h_t, c_t, activation(c_t) and gate.
 *
 * @param units the width of the state, 1 to 2^22
 * @param activation the function of the candidate g and of the cell state; softmax is not offered
 * @param recurrentActivation the function of the gates; softmax is not offered
 * @param unitForgetBias whether the forget gate's bias starts at 1 (Jozefowicz et al. 2015)
 * @param options what it has in common with other recurrent layers
 */
public record Lstm(
    int units,
    Activation activation,
    Activation recurrentActivation,
    boolean unitForgetBias,
    RecurrentOptions options)
    implements CellLayer, OneCell<Lstm> {
  private static final int GATES = 4;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code units} is out of range or an activation is softmax
   */
  public Lstm {
    Units.check("Lstm", units, GATES);
    Objects.requireNonNull(activation, "Lstm: activation");
    Objects.requireNonNull(recurrentActivation, "Lstm: recurrentActivation");
    Objects.requireNonNull(options, "Lstm: options");
    Recurrent.requireElementwise("Lstm", "activation", activation);
    Recurrent.requireElementwise("Lstm", "recurrentActivation", recurrentActivation);
  }

  /**
   * {@return a layer with Keras's defaults: tanh, sigmoid, a bias, the last state alone}
   *
   * @param units the size of a state, at least 1
   */
  public static Lstm of(int units) {
    return new Lstm(units, Activation.TANH, Activation.SIGMOID, true, RecurrentOptions.DEFAULTS);
  }

  /**
   * {@return this layer with another activation}
   *
   * @param other the function of candidate and output
   */
  public Lstm withActivation(Activation other) {
    return new Lstm(units, other, recurrentActivation, unitForgetBias, options);
  }

  /**
   * {@return this layer with another function of the gates}
   *
   * @param other the function of the three gates
   */
  public Lstm withRecurrentActivation(Activation other) {
    return new Lstm(units, activation, other, unitForgetBias, options);
  }

  /** {@return this layer with all of its bias starting at zero} */
  public Lstm withoutUnitForgetBias() {
    return new Lstm(units, activation, recurrentActivation, false, options);
  }

  @Override
  public Lstm with(RecurrentOptions other) {
    return new Lstm(units, activation, recurrentActivation, unitForgetBias, other);
  }

  @Override
  public int states() {
    return 2;
  }

  @Override
  public String className() {
    return "LSTM";
  }

  @Override
  public String kerasName() {
    return "lstm";
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    int columns = GATES * units;
    ParameterRule rest = rules().bias();
    ParameterRule bias =
        unitForgetBias
            ? rest.withInitializer(new Initializer.UnitForgetBias(rest.initializer()))
            : rest;
    return options.arrays(
        Shape.of(input.size(-1), columns), Shape.of(units, columns), Shape.of(columns), bias);
  }
}
