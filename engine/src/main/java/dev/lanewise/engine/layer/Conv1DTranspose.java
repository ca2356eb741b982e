package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The convolution over time whose way back a {@link Conv1D} has as its way forward, Keras's {@code
 * Conv1DTranspose}: each step gives to those of the output that its window sees, so that strides
 * make a sequence longer.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[size, filters, in]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[filters]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it looks at its inputs and outputs.
 *
 * @param filters the width of the output, 1 to 2^24
 * @param window Keras's kernel_size, strides, dilation_rate and padding, which is not causal
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param rules those for the parameters
 */
public record Conv1DTranspose(
    int filters, SlidingWindow window, Activation activation, boolean useBias, ParameterRules rules)
    implements Convolution1D, Ruled<Conv1DTranspose> {
  private static final String NAME = "Conv1DTranspose";
  private static final int MOST_STEPS = 1 << 24;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range, or the padding is causal
   */
  public Conv1DTranspose {
    Units.check(NAME, filters);
    Objects.requireNonNull(window, "Conv1DTranspose: window");
    Objects.requireNonNull(activation, "Conv1DTranspose: activation");
    Objects.requireNonNull(rules, "Conv1DTranspose: rules");
    if (window.padding() == Padding.CAUSAL) {
      throw new IllegalArgumentException(
          "Conv1DTranspose: padding must be valid or same, found causal");
    }
  }

  /**
   * {@return a layer with a bias and no activation}
   *
   * @param filters the values of each output step, at least 1
   * @param window size, strides, dilation and padding
   */
  public static Conv1DTranspose of(int filters, SlidingWindow window) {
    return new Conv1DTranspose(filters, window, Activation.LINEAR, true, ParameterRules.DEFAULT);
  }

  /**
   * {@return the window's places on the output: one a step of the input}
   *
   * @param input the shape of one sample, [steps, features]
   * @throws IllegalArgumentException if that has more than 2^24 steps
   */
  public SlidingWindow.Windows windows(Shape input) {
    int steps = Sequences.steps(NAME, input);
    long span = (window.size() - 1L) * window.dilationRate() + 1;
    long beyond = Math.max(span - window.strides(), 0);
    boolean same = window.padding() == Padding.SAME;
    long longer = (long) steps * window.strides() + (same ? 0 : beyond);
    if (longer > MOST_STEPS) {
      throw new IllegalArgumentException(
          "Conv1DTranspose: makes " + longer + " steps, at most " + MOST_STEPS + " are supported");
    }
    return new SlidingWindow.Windows(window, (int) longer, steps, same ? beyond / 2 : 0);
  }

  @Override
  public Conv1DTranspose withRules(ParameterRules others) {
    return new Conv1DTranspose(filters, window, activation, useBias, others);
  }

  @Override
  public Shape outputShape(Shape input) {
    SlidingWindow.Windows windows = windows(input);
    Convolution1D.requireKernel(NAME, window.size(), input.size(1), filters);
    return Shape.of(windows.steps(), filters);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return rules.arrays(
        Shape.of(window.size(), filters, input.size(-1)), useBias, Shape.of(filters));
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "conv1d_transpose";
  }
}
