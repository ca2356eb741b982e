package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A convolution over time of each feature by itself and then, at each place, of all that these
 * give, Keras's {@code SeparableConv1D}: activation(z * pointwise_kernel + bias), z being what a
 * {@link DepthwiseConv1D} without bias gives.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>depthwise_kernel</td><td>[size, in, depthMultiplier]</td><td>Glorot uniform, unless its rule says otherwise</td></tr>
 *   <tr><td>pointwise_kernel</td><td>[1, in * depthMultiplier, filters]</td><td>Glorot uniform, unless its rule says otherwise</td></tr>
 *   <tr><td>bias</td><td>[filters]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it looks at its inputs and outputs.
 *
 * @param filters the width of the output, 1 to 2^24
 * @param window Keras's kernel_size, strides, dilation_rate and padding
 * @param depthMultiplier how many values each feature gives before, 1 or more
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param depthwiseRule that for the depthwise kernel
 * @param rules those for the pointwise kernel and the bias
 */
public record SeparableConv1D(
    int filters,
    SlidingWindow window,
    int depthMultiplier,
    Activation activation,
    boolean useBias,
    ParameterRule depthwiseRule,
    ParameterRules rules)
    implements Convolution1D, Ruled<SeparableConv1D> {
  private static final String NAME = "SeparableConv1D";

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public SeparableConv1D {
    Units.check(NAME, filters);
    Units.check(NAME, depthMultiplier);
    Objects.requireNonNull(window, "SeparableConv1D: window");
    Objects.requireNonNull(activation, "SeparableConv1D: activation");
    Objects.requireNonNull(depthwiseRule, "SeparableConv1D: depthwiseRule");
    Objects.requireNonNull(rules, "SeparableConv1D: rules");
  }

  /**
   * {@return a layer with a bias, no activation and one value a feature before}
   *
   * @param filters the values of each output step, at least 1
   * @param window size, strides, dilation and padding
   */
  public static SeparableConv1D of(int filters, SlidingWindow window) {
    ParameterRules rules = ParameterRules.DEFAULT;
    return new SeparableConv1D(filters, window, 1, Activation.LINEAR, true, rules.kernel(), rules);
  }

  /**
   * {@return this layer with another rule for its depthwise kernel}
   *
   * @param other the rule that takes its place
   */
  public SeparableConv1D withDepthwiseRule(ParameterRule other) {
    return new SeparableConv1D(filters, window, depthMultiplier, activation, useBias, other, rules);
  }

  @Override
  public SeparableConv1D withRules(ParameterRules others) {
    return new SeparableConv1D(
        filters, window, depthMultiplier, activation, useBias, depthwiseRule, others);
  }

  /** {@return what is done to each feature by itself} */
  public DepthwiseConv1D depthwise() {
    ParameterRules own = new ParameterRules(depthwiseRule, rules.recurrent(), rules.bias());
    return new DepthwiseConv1D(window, depthMultiplier, Activation.LINEAR, false, own);
  }

  @Override
  public Shape outputShape(Shape input) {
    return depthwise().outputShape(input).withLast(filters);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape first = Shape.of(window.size(), input.size(-1), depthMultiplier);
    Shape second = Shape.of(1, input.size(-1) * depthMultiplier, filters);
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
    return NAME;
  }

  @Override
  public String kerasName() {
    return "separable_conv1d";
  }
}
