package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The convolution over time: y_p = activation(sum_j x_(step j of window p) * kernel_j + bias), a
 * step outside the sequence counting as zeros. Keras's {@code Conv1D} with channels last and one
 * group.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[size, in, filters]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
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
public record Conv1D(
    int filters, SlidingWindow window, Activation activation, boolean useBias, ParameterRules rules)
    implements Layer, Ruled<Conv1D> {
  private static final String NAME = "Conv1D";

  /** Rows of the kernel as a matrix [size * in, filters]. */
  private static final int MOST_ROWS = 1 << 30;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code filters} is out of range
   */
  public Conv1D {
    Units.check(NAME, filters);
    Objects.requireNonNull(window, "Conv1D: window");
    Objects.requireNonNull(activation, "Conv1D: activation");
    Objects.requireNonNull(rules, "Conv1D: rules");
  }

  /**
   * {@return a layer with a bias, no activation and Keras's other defaults}
   *
   * @param filters the values of each output step, at least 1
   * @param window size, strides, dilation and padding
   */
  public static Conv1D of(int filters, SlidingWindow window) {
    return new Conv1D(filters, window, Activation.LINEAR, true, ParameterRules.DEFAULT);
  }

  /**
   * {@return such a layer whose window moves step by step and stays within the sequence}
   *
   * @param filters the values of each output step, at least 1
   * @param kernelSize the window's steps, at least 1
   */
  public static Conv1D of(int filters, int kernelSize) {
    return of(filters, SlidingWindow.of(kernelSize));
  }

  /**
   * {@return this layer with its window moved by so many steps}
   *
   * @param strides the steps from one window to the next, at least 1
   */
  public Conv1D withStrides(int strides) {
    return with(window.withStrides(strides));
  }

  /**
   * {@return this layer with the window's steps so far apart}
   *
   * @param rate the steps from one of the window's positions to the next, at least 1
   */
  public Conv1D withDilationRate(int rate) {
    return with(window.withDilationRate(rate));
  }

  /**
   * {@return this layer with another rule for the ends of a sequence}
   *
   * @param padding what becomes of the ends
   */
  public Conv1D withPadding(Padding padding) {
    return with(window.withPadding(padding));
  }

  private Conv1D with(SlidingWindow other) {
    return new Conv1D(filters, other, activation, useBias, rules);
  }

  /**
   * {@return this layer with another activation}
   *
   * @param other the function of each output
   */
  public Conv1D withActivation(Activation other) {
    return new Conv1D(filters, window, other, useBias, rules);
  }

  /** {@return this layer without its bias} */
  public Conv1D withoutBias() {
    return new Conv1D(filters, window, activation, false, rules);
  }

  /**
   * {@return the window's places on a sequence}
   *
   * @param input the shape of one sample, [features] or [steps, features]
   */
  public SlidingWindow.Windows windows(Shape input) {
    return window.over(NAME, Sequences.steps(NAME, input));
  }

  @Override
  public Conv1D withRules(ParameterRules others) {
    return new Conv1D(filters, window, activation, useBias, others);
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
    return "conv1d";
  }

  @Override
  public Shape outputShape(Shape input) {
    SlidingWindow.Windows windows = windows(input);
    if ((long) window.size() * input.size(1) > MOST_ROWS) {
      throw new IllegalArgumentException(
          "Conv1D: kernel_size * features must be at most "
              + MOST_ROWS
              + ", found "
              + window.size()
              + " * "
              + input.size(1));
    }
    return Shape.of(windows.count(), filters);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return rules.arrays(
        Shape.of(window.size(), input.size(-1), filters), useBias, Shape.of(filters));
  }
}
