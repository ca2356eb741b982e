package dev.lanewise.engine.layer;

import java.util.Objects;

/**
 * A {@link GridConvolution} over a sequence of pictures, [steps, rows, columns, features].
 *
 * @param filters the width of the output, 1 to 2^24
 * @param window Keras's kernel_size, strides, dilation_rate and padding
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param rules those for the parameters
 */
public record Conv3D(
    int filters, VolumeWindow window, Activation activation, boolean useBias, ParameterRules rules)
    implements GridConvolution, Ruled<Conv3D> {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code filters} is out of range
   */
  public Conv3D {
    Units.check("Conv3D", filters);
    Objects.requireNonNull(window, "Conv3D: window");
    Objects.requireNonNull(activation, "Conv3D: activation");
    Objects.requireNonNull(rules, "Conv3D: rules");
  }

  /**
   * {@return a layer with a bias, no activation and Keras's other defaults}
   *
   * @param filters the values of each output position, at least 1
   * @param window sizes, strides and padding
   */
  public static Conv3D of(int filters, VolumeWindow window) {
    return new Conv3D(filters, window, Activation.LINEAR, true, ParameterRules.DEFAULT);
  }

  /**
   * {@return such a layer whose window is a cube, moves by one and stays within}
   *
   * @param filters the values of each output position, at least 1
   * @param kernelSize the window's steps, rows and columns, at least 1
   */
  public static Conv3D of(int filters, int kernelSize) {
    return of(filters, VolumeWindow.of(kernelSize));
  }

  /**
   * {@return this layer with another activation}
   *
   * @param other the function of each output
   */
  public Conv3D withActivation(Activation other) {
    return new Conv3D(filters, window, other, useBias, rules);
  }

  /** {@return this layer without its bias} */
  public Conv3D withoutBias() {
    return new Conv3D(filters, window, activation, false, rules);
  }

  @Override
  public Conv3D withRules(ParameterRules others) {
    return new Conv3D(filters, window, activation, useBias, others);
  }
}
