package dev.lanewise.engine.layer;

import java.util.Objects;

/**
 * A {@link GridConvolution} over a picture, [rows, columns, features].
 *
 * @param filters the width of the output, 1 to 2^24
 * @param window Keras's kernel_size, strides, dilation_rate and padding
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param rules those for the parameters
 */
public record Conv2D(
    int filters, PictureWindow window, Activation activation, boolean useBias, ParameterRules rules)
    implements GridConvolution, Ruled<Conv2D> {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code filters} is out of range
   */
  public Conv2D {
    Units.check("Conv2D", filters);
    Objects.requireNonNull(window, "Conv2D: window");
    Objects.requireNonNull(activation, "Conv2D: activation");
    Objects.requireNonNull(rules, "Conv2D: rules");
  }

  /**
   * {@return a layer with a bias, no activation and Keras's other defaults}
   *
   * @param filters the values of each output position, at least 1
   * @param window sizes, strides and padding
   */
  public static Conv2D of(int filters, PictureWindow window) {
    return new Conv2D(filters, window, Activation.LINEAR, true, ParameterRules.DEFAULT);
  }

  /**
   * {@return such a layer whose window is square, moves by one and stays within the picture}
   *
   * @param filters the values of each output position, at least 1
   * @param kernelSize the window's rows and columns, at least 1
   */
  public static Conv2D of(int filters, int kernelSize) {
    return of(filters, PictureWindow.of(kernelSize));
  }

  /**
   * {@return this layer with another activation}
   *
   * @param other the function of each output
   */
  public Conv2D withActivation(Activation other) {
    return new Conv2D(filters, window, other, useBias, rules);
  }

  /** {@return this layer without its bias} */
  public Conv2D withoutBias() {
    return new Conv2D(filters, window, activation, false, rules);
  }

  @Override
  public Conv2D withRules(ParameterRules others) {
    return new Conv2D(filters, window, activation, useBias, others);
  }
}
