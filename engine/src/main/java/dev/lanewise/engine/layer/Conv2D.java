package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The convolution over a picture: y_p = activation(sum_j x_(position j of window p) * kernel_j +
 * bias), a position outside the picture counting as zeros. Keras's {@code Conv2D} with channels
 * last and one group.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[rows, columns, in, filters]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[filters]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps its input and its output.
 *
 * @param filters the width of the output, 1 to 2^24
 * @param window Keras's kernel_size, strides, dilation_rate and padding
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param rules those for the parameters
 */
public record Conv2D(
    int filters, PictureWindow window, Activation activation, boolean useBias, ParameterRules rules)
    implements Layer, Ruled<Conv2D> {
  private static final String NAME = "Conv2D";

  /** Rows of the kernel as a matrix [rows * columns * in, filters]. */
  private static final int MOST_ROWS = 1 << 30;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code filters} is out of range
   */
  public Conv2D {
    Units.check(NAME, filters);
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

  /**
   * {@return the window's places on a picture}
   *
   * @param input the shape of one sample, [rows, columns, channels]
   */
  public PictureWindow.Places places(Shape input) {
    return window.places(NAME, input);
  }

  @Override
  public Conv2D withRules(ParameterRules others) {
    return new Conv2D(filters, window, activation, useBias, others);
  }

  @Override
  public Activation outputActivation() {
    return activation;
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "conv2d";
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape output = window.outputShape(NAME, input, filters);
    if (window.positions() > MOST_ROWS / input.size(2)) {
      throw new IllegalArgumentException(
          "Conv2D: the kernel's rows * columns * features must be at most "
              + MOST_ROWS
              + ", found "
              + window.positions()
              + " * "
              + input.size(2));
    }
    return output;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape kernel = Shape.of(window.rows().size(), window.columns().size(), input.size(-1), filters);
    return rules.arrays(kernel, useBias, Shape.of(filters));
  }
}
