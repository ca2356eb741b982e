package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The convolution over time: y_p = activation(sum_j x_(step j of window p) * kernel_j + bias), a
 * step outside the sequence counting as zeros. Keras's {@code Conv1D} with channels last and one
 * group.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[size, in, filters]</td><td>Glorot uniform, unless {@code initializers} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[filters]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps its input and its output.
 *
 * @param filters the width of the output, 1 to 2^24
 * @param window Keras's kernel_size, strides, dilation_rate and padding
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param initializers the rules for start values
 * @param regularizers the penalties on the parameters
 * @param constraints the rules that the parameters keep
 */
public record Conv1D(
    int filters,
    SlidingWindow window,
    Activation activation,
    boolean useBias,
    Initializers initializers,
    Regularizers regularizers,
    Constraints constraints)
    implements Layer {
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
    Objects.requireNonNull(initializers, "Conv1D: initializers");
    Objects.requireNonNull(regularizers, "Conv1D: regularizers");
    Objects.requireNonNull(constraints, "Conv1D: constraints");
  }

  /**
   * Creates a layer without constraints.
   *
   * @param filters the width of the output, 1 to 2^24
   * @param window Keras's kernel_size, strides, dilation_rate and padding
   * @param activation the function applied to the sums
   * @param useBias whether a bias is added
   * @param initializers the rules for start values
   * @param regularizers the penalties on the parameters
   * @throws IllegalArgumentException if {@code filters} is out of range
   */
  public Conv1D(
      int filters,
      SlidingWindow window,
      Activation activation,
      boolean useBias,
      Initializers initializers,
      Regularizers regularizers) {
    this(filters, window, activation, useBias, initializers, regularizers, Constraints.NONE);
  }

  /**
   * {@return a layer with a bias, no activation and Keras's other defaults}
   *
   * @param filters the values of each output step, at least 1
   * @param window size, strides, dilation and padding
   */
  public static Conv1D of(int filters, SlidingWindow window) {
    return new Conv1D(
        filters, window, Activation.LINEAR, true, Initializers.DEFAULT, Regularizers.NONE);
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
    return new Conv1D(filters, other, activation, useBias, initializers, regularizers, constraints);
  }

  /**
   * {@return this layer with another activation}
   *
   * @param other the function of each output
   */
  public Conv1D withActivation(Activation other) {
    return new Conv1D(filters, window, other, useBias, initializers, regularizers, constraints);
  }

  /** {@return this layer without its bias} */
  public Conv1D withoutBias() {
    return new Conv1D(filters, window, activation, false, initializers, regularizers, constraints);
  }

  /**
   * {@return this layer with other start values}
   *
   * @param others those that take their place
   */
  public Conv1D withInitializers(Initializers others) {
    return new Conv1D(filters, window, activation, useBias, others, regularizers, constraints);
  }

  /**
   * {@return this layer with other penalties}
   *
   * @param others those that take their place
   */
  public Conv1D withRegularizers(Regularizers others) {
    return new Conv1D(filters, window, activation, useBias, initializers, others, constraints);
  }

  /**
   * {@return this layer with other rules that its parameters keep}
   *
   * @param others those of kernel and bias
   */
  public Conv1D withConstraints(Constraints others) {
    return new Conv1D(filters, window, activation, useBias, initializers, regularizers, others);
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
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(
        new ParameterSpec(
                "kernel",
                Shape.of(window.size(), input.size(-1), filters),
                initializers.kernel(),
                regularizers.kernel())
            .constrained(constraints.kernel()));
    if (useBias) {
      specs.add(
          new ParameterSpec("bias", Shape.of(filters), initializers.bias(), regularizers.bias())
              .constrained(constraints.bias()));
    }
    return List.copyOf(specs);
  }
}
