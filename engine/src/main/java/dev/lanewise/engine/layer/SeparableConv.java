package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A convolution of each feature by itself and then, at each place, of all that these give, over
 * time or over pictures, Keras's {@code SeparableConv1D} and {@code SeparableConv2D}: activation(z
 * * pointwise_kernel + bias), z being what a {@link DepthwiseConv} without bias gives.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>depthwise_kernel</td><td>[the window's sizes, in, depthMultiplier]</td><td>Glorot uniform, unless its rule says otherwise</td></tr>
 *   <tr><td>pointwise_kernel</td><td>[1 for each axis, in * depthMultiplier, filters]</td><td>Glorot uniform, unless its rule says otherwise</td></tr>
 *   <tr><td>bias</td><td>[filters]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it looks at its inputs and outputs.
 *
 * @param filters the width of the output, 1 to 2^24
 * @param window a {@link SlidingWindow} or a {@link PictureWindow}: Keras's kernel_size, strides,
 *     dilation_rate and padding
 * @param depthMultiplier how many values each feature gives before, 1 or more
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param depthwiseRule that for the depthwise kernel
 * @param rules those for the pointwise kernel and the bias
 */
public record SeparableConv(
    int filters,
    Window window,
    int depthMultiplier,
    Activation activation,
    boolean useBias,
    ParameterRule depthwiseRule,
    ParameterRules rules)
    implements SparseConvolution, Ruled<SeparableConv> {

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range, or the window has three axes
   */
  public SeparableConv {
    Objects.requireNonNull(window, "SeparableConv: window");
    Objects.requireNonNull(activation, "SeparableConv: activation");
    Objects.requireNonNull(depthwiseRule, "SeparableConv: depthwiseRule");
    Objects.requireNonNull(rules, "SeparableConv: rules");
    SparseConvolution.requireNoVolume("SeparableConv", window);
    Units.check(className(window), filters);
    Units.check(className(window), depthMultiplier);
  }

  /**
   * {@return a layer with a bias, no activation and one value a feature before}
   *
   * @param filters the values of each output position, at least 1
   * @param window size, strides, dilation and padding
   */
  public static SeparableConv of(int filters, Window window) {
    ParameterRules rules = ParameterRules.DEFAULT;
    return new SeparableConv(filters, window, 1, Activation.LINEAR, true, rules.kernel(), rules);
  }

  /**
   * {@return this layer with another rule for its depthwise kernel}
   *
   * @param other the rule that takes its place
   */
  public SeparableConv withDepthwiseRule(ParameterRule other) {
    return new SeparableConv(filters, window, depthMultiplier, activation, useBias, other, rules);
  }

  @Override
  public SeparableConv withRules(ParameterRules others) {
    return new SeparableConv(
        filters, window, depthMultiplier, activation, useBias, depthwiseRule, others);
  }

  /** {@return what is done to each feature by itself} */
  public DepthwiseConv depthwise() {
    ParameterRules own = new ParameterRules(depthwiseRule, rules.recurrent(), rules.bias());
    return new DepthwiseConv(window, depthMultiplier, Activation.LINEAR, false, own);
  }

  @Override
  public Shape outputShape(Shape input) {
    Window.requireAxes(className(), window.axes().size(), input);
    return depthwise().outputShape(input).withLast(filters);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape first = window.kernelShape(input.size(-1), depthMultiplier);
    Window one = window.axes().size() == 1 ? SlidingWindow.of(1) : PictureWindow.of(1);
    Shape second = one.kernelShape(input.size(-1) * depthMultiplier, filters);
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(depthwiseRule.array("depthwise_kernel", first));
    specs.add(rules.kernel().array("pointwise_kernel", second));
    if (useBias) {
      specs.add(rules.bias().array("bias", Shape.of(filters)));
    }
    return List.copyOf(specs);
  }

  @Override
  public String className() {
    return className(window);
  }

  private static String className(Window window) {
    return "SeparableConv" + window.axes().size() + "D";
  }

  @Override
  public String kerasName() {
    return "separable_conv" + window.axes().size() + "d";
  }
}
