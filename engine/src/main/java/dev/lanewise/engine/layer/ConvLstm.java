package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * Long short-term memory whose sums are convolutions (Shi et al. 2015, without peepholes), Keras's
 * {@code ConvLSTM1D} over a sequence at each step and {@code ConvLSTM2D} over a picture at each:
 * [steps, positions, features] becomes its last state, [places, filters], or all of them, [steps,
 * places, filters]. With {@code *} for a convolution:
 *
 * <pre>
 *   i, f, g, o = x_t * kernel + h_{t-1} * recurrentKernel + bias, four blocks of filters
 *   c_t = recurrentActivation(f) . c_{t-1} + recurrentActivation(i) . activation(g), c_0 = 0
 *   h_t = recurrentActivation(o) . activation(c_t), h_0 = 0
 * </pre>
 *
 * <p>Over x_t the window slides as it is told; over h_{t-1} it has each place in its middle, zeros
 * being around.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[the window's sizes, in, 4 filters]</td><td>Glorot uniform</td></tr>
 *   <tr><td>recurrent_kernel</td><td>[the window's sizes, filters, 4 filters]</td>
 *       <td>orthogonal</td></tr>
 *   <tr><td>bias</td><td>[4 filters]</td><td>zeros, f's ones if {@code unitForgetBias};
 *       absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps every x_t, h_t, c_t, activation(c_t) and gate.
 *
 * @param filters the width of the state at each place, 1 to 2^22
 * @param window a {@link SlidingWindow} or a {@link PictureWindow}, padding valid or same
 * @param activation the function of the candidate g and of the cell state; softmax is not offered
 * @param recurrentActivation the function of the gates; softmax is not offered
 * @param unitForgetBias whether the forget gate's bias starts at 1
 * @param options what it has in common with other recurrent layers; states are not kept from batch
 *     to batch
 */
public record ConvLstm(
    int filters,
    Window window,
    Activation activation,
    Activation recurrentActivation,
    boolean unitForgetBias,
    RecurrentOptions options)
    implements Recurrent, Walking<ConvLstm>, Ruled<ConvLstm> {
  private static final int GATES = 4;

  /** Rows of a kernel as a matrix [positions * features, 4 filters]. */
  private static final int MOST_ROWS = 1 << 28;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code filters} is out of range, an activation is softmax,
   *     padding is causal, or an option is not offered
   */
  public ConvLstm {
    Objects.requireNonNull(window, "ConvLstm: window");
    Objects.requireNonNull(activation, "ConvLstm: activation");
    Objects.requireNonNull(recurrentActivation, "ConvLstm: recurrentActivation");
    Objects.requireNonNull(options, "ConvLstm: options");
    String name = className(window);
    Units.check(name, filters, GATES);
    Recurrent.requireElementwise(name, "activation", activation);
    Recurrent.requireElementwise(name, "recurrentActivation", recurrentActivation);
    if (window.axes().stream().anyMatch(axis -> axis.padding() == Padding.CAUSAL)) {
      throw new IllegalArgumentException(name + ": padding must be valid or same, found causal");
    }
    if (options.walk().stateful()) {
      throw new IllegalArgumentException(
          name + ": stateful must be false; states kept from batch to batch are not offered");
    }
  }

  /**
   * {@return a layer with Keras's defaults: tanh, sigmoid, a bias, the last state alone}
   *
   * @param filters the width of the state at each place, at least 1
   * @param window a {@link SlidingWindow} or a {@link PictureWindow}
   */
  public static ConvLstm of(int filters, Window window) {
    return new ConvLstm(
        filters, window, Activation.TANH, Activation.SIGMOID, true, RecurrentOptions.DEFAULTS);
  }

  /**
   * {@return this layer with another activation}
   *
   * @param other the function of candidate and output
   */
  public ConvLstm withActivation(Activation other) {
    return new ConvLstm(filters, window, other, recurrentActivation, unitForgetBias, options);
  }

  /**
   * {@return this layer with another function of the gates}
   *
   * @param other the function of the three gates
   */
  public ConvLstm withRecurrentActivation(Activation other) {
    return new ConvLstm(filters, window, activation, other, unitForgetBias, options);
  }

  /** {@return this layer with all of its bias starting at zero} */
  public ConvLstm withoutUnitForgetBias() {
    return new ConvLstm(filters, window, activation, recurrentActivation, false, options);
  }

  @Override
  public ConvLstm with(RecurrentOptions other) {
    return new ConvLstm(filters, window, activation, recurrentActivation, unitForgetBias, other);
  }

  /** {@return this layer without its bias} */
  public ConvLstm withoutBias() {
    return with(options.withoutBias());
  }

  /**
   * {@return this layer with other rates of {@link Recurrent what is dropped in training}; each
   * gate does without inputs and states of its own}
   *
   * @param dropout the share of the inputs, in [0, 1)
   * @param recurrentDropout the share of the state, in [0, 1)
   */
  public ConvLstm withDropout(double dropout, double recurrentDropout) {
    return with(options.withDropout(dropout, recurrentDropout));
  }

  /** {@return the LSTM that it is at each place, but for the sums} */
  public Lstm cell() {
    return new Lstm(filters, activation, recurrentActivation, unitForgetBias, options);
  }

  @Override
  public int units() {
    return filters;
  }

  @Override
  public List<Shape> stateShapes(Shape input) {
    Shape state = stateShape(input);
    return List.of(state, state);
  }

  /**
   * {@return the window's places at each step}
   *
   * @param input the shape of one sample, [steps, positions, features]
   */
  public WindowPlaces places(Shape input) {
    return window.places(className(), input.part());
  }

  /**
   * {@return the places of the window that slides over the state}
   *
   * @param input the shape of one sample, [steps, positions, features]
   */
  public WindowPlaces statePlaces(Shape input) {
    return window.around().places(className(), stateShape(input));
  }

  /**
   * {@return the shape of a state, [places, filters]}
   *
   * @param input the shape of one sample, [steps, positions, features]
   */
  public Shape stateShape(Shape input) {
    return window.outputShape(className(), input.part(), filters);
  }

  @Override
  public ParameterRules rules() {
    return options.rules();
  }

  @Override
  public ConvLstm withRules(ParameterRules others) {
    return with(options.withRules(others));
  }

  @Override
  public String className() {
    return className(window);
  }

  private static String className(Window window) {
    return "ConvLSTM" + window.axes().size() + "D";
  }

  @Override
  public String kerasName() {
    return "conv_lstm" + window.axes().size() + "d";
  }

  @Override
  public Shape outputShape(Shape input) {
    int rank = window.axes().size() + 2;
    if (input.rank() != rank) {
      throw new IllegalArgumentException(
          className() + ": input must have " + rank + " sizes, steps first, found " + input);
    }
    long widest = Math.max(input.size(-1), filters);
    if (window.positions() > MOST_ROWS / widest) {
      throw new IllegalArgumentException(
          className()
              + ": the window's positions * features must be at most "
              + MOST_ROWS
              + ", found "
              + window.positions()
              + " * "
              + widest);
    }
    Shape state = stateShape(input);
    return returnSequences() ? state.times(input.size(0)) : state;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    int columns = GATES * filters;
    ParameterRule rest = rules().bias();
    ParameterRule bias =
        unitForgetBias
            ? rest.withInitializer(new Initializer.UnitForgetBias(rest.initializer()))
            : rest;
    return options.arrays(
        window.kernelShape(input.size(-1), columns),
        window.kernelShape(filters, columns),
        Shape.of(columns),
        bias);
  }
}
