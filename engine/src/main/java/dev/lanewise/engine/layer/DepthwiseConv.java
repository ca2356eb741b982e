package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A convolution of each feature by itself, over time or over pictures, Keras's {@code
 * DepthwiseConv1D} and {@code DepthwiseConv2D}: output c * depthMultiplier + m at place p is
 * activation(sum_j x_(position j of window p),c * kernel_j,c,m + bias).
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[the window's sizes, in, depthMultiplier]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[in * depthMultiplier]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it looks at its inputs and outputs.
 *
 * @param window a {@link SlidingWindow} or a {@link PictureWindow}: Keras's kernel_size, strides,
 *     dilation_rate and padding
 * @param depthMultiplier how many outputs each feature has, 1 or more
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param rules those for the parameters
 */
public record DepthwiseConv(
    Window window,
    int depthMultiplier,
    Activation activation,
    boolean useBias,
    ParameterRules rules)
    implements SparseConvolution, Ruled<DepthwiseConv> {

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code depthMultiplier} is out of range, or the window has
   *     three axes
   */
  public DepthwiseConv {
    Objects.requireNonNull(window, "DepthwiseConv: window");
    Objects.requireNonNull(activation, "DepthwiseConv: activation");
    Objects.requireNonNull(rules, "DepthwiseConv: rules");
    SparseConvolution.requireNoVolume("DepthwiseConv", window);
    Units.check(className(window), depthMultiplier);
  }

  /**
   * {@return a layer with a bias, no activation and one output a feature}
   *
   * @param window size, strides, dilation and padding
   */
  public static DepthwiseConv of(Window window) {
    return new DepthwiseConv(window, 1, Activation.LINEAR, true, ParameterRules.DEFAULT);
  }

  @Override
  public DepthwiseConv withRules(ParameterRules others) {
    return new DepthwiseConv(window, depthMultiplier, activation, useBias, others);
  }

  @Override
  public Shape outputShape(Shape input) {
    Window.requireAxes(className(), window.axes().size(), input);
    int features = input.size(-1);
    SparseConvolution.requireKernel(className(), window.positions(), features, depthMultiplier);
    return places(input).shape(features * depthMultiplier);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    int features = input.size(-1);
    return rules.arrays(
        window.kernelShape(features, depthMultiplier),
        useBias,
        Shape.of(features * depthMultiplier));
  }

  @Override
  public String className() {
    return className(window);
  }

  private static String className(Window window) {
    return "DepthwiseConv" + window.axes().size() + "D";
  }

  @Override
  public String kerasName() {
    return "depthwise_conv" + window.axes().size() + "d";
  }
}
