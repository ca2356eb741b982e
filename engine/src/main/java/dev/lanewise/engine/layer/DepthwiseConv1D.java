package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * A convolution over time of each feature by itself, Keras's {@code DepthwiseConv1D}: output c *
 * depthMultiplier + m at place p is activation(sum_j x_(step j of window p),c * kernel_j,c,m +
 * bias).
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[size, in, depthMultiplier]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[in * depthMultiplier]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it looks at its inputs and outputs.
 *
 * @param window Keras's kernel_size, strides, dilation_rate and padding
 * @param depthMultiplier how many outputs each feature has, 1 or more
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param rules those for the parameters
 */
public record DepthwiseConv1D(
    SlidingWindow window,
    int depthMultiplier,
    Activation activation,
    boolean useBias,
    ParameterRules rules)
    implements Convolution1D, Ruled<DepthwiseConv1D> {
  private static final String NAME = "DepthwiseConv1D";

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code depthMultiplier} is out of range
   */
  public DepthwiseConv1D {
    Units.check(NAME, depthMultiplier);
    Objects.requireNonNull(window, "DepthwiseConv1D: window");
    Objects.requireNonNull(activation, "DepthwiseConv1D: activation");
    Objects.requireNonNull(rules, "DepthwiseConv1D: rules");
  }

  /**
   * {@return a layer with a bias, no activation and one output a feature}
   *
   * @param window size, strides, dilation and padding
   */
  public static DepthwiseConv1D of(SlidingWindow window) {
    return new DepthwiseConv1D(window, 1, Activation.LINEAR, true, ParameterRules.DEFAULT);
  }

  @Override
  public DepthwiseConv1D withRules(ParameterRules others) {
    return new DepthwiseConv1D(window, depthMultiplier, activation, useBias, others);
  }

  @Override
  public Shape outputShape(Shape input) {
    int count = window.over(NAME, Sequences.steps(NAME, input)).count();
    Convolution1D.requireKernel(NAME, window.size(), input.size(1), depthMultiplier);
    return Shape.of(count, Math.multiplyExact(input.size(1), depthMultiplier));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    int features = input.size(-1);
    return rules.arrays(
        Shape.of(window.size(), features, depthMultiplier),
        useBias,
        Shape.of(features * depthMultiplier));
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "depthwise_conv1d";
  }
}
