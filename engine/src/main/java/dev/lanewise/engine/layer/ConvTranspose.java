package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The convolution whose way back a {@link Conv1D} or a {@link GridConvolution} has as its way
 * forward, Keras's {@code Conv1DTranspose}, {@code Conv2DTranspose} and {@code Conv3DTranspose}:
 * each position gives to those of the output that its window sees, so that strides make a sequence
 * longer and a picture larger.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[the window's sizes, filters, in]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
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
public record ConvTranspose(
    int filters, Window window, Activation activation, boolean useBias, ParameterRules rules)
    implements SparseConvolution, Ruled<ConvTranspose> {
  private static final int MOST_POSITIONS = 1 << 24;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range, or the padding is causal
   */
  public ConvTranspose {
    Objects.requireNonNull(window, "ConvTranspose: window");
    Objects.requireNonNull(activation, "ConvTranspose: activation");
    Objects.requireNonNull(rules, "ConvTranspose: rules");
    Units.check(className(window), filters);
    if (window.axes().getFirst().padding() == Padding.CAUSAL) { // which others than one never are
      throw new IllegalArgumentException(
          className(window) + ": padding must be valid or same, found causal");
    }
  }

  /**
   * {@return a layer with a bias and no activation}
   *
   * @param filters the values of each output position, at least 1
   * @param window size, strides, dilation and padding
   */
  public static ConvTranspose of(int filters, Window window) {
    return new ConvTranspose(filters, window, Activation.LINEAR, true, ParameterRules.DEFAULT);
  }

  /**
   * {@return the window's places on the output: one a position of the input}
   *
   * @param input the shape of one sample, features last
   * @throws IllegalArgumentException if that has other axes, or the output more than 2^24 positions
   */
  @Override
  public WindowPlaces places(Shape input) {
    Window.requireAxes(className(), window.axes().size(), input);
    long positions = 1;
    for (int i = 0; i < window.axes().size(); i++) {
      long axis = window.axes().get(i).spreadSteps(input.size(i));
      if (axis > MOST_POSITIONS / positions) {
        throw new IllegalArgumentException(
            className()
                + ": makes more than "
                + MOST_POSITIONS
                + " positions of an input of "
                + input
                + "; take smaller strides or a smaller window");
      }
      positions *= axis;
    }
    return window.spread(input);
  }

  @Override
  public ConvTranspose withRules(ParameterRules others) {
    return new ConvTranspose(filters, window, activation, useBias, others);
  }

  @Override
  public Shape outputShape(Shape input) {
    WindowPlaces places = places(input);
    SparseConvolution.requireKernel(className(), window.positions(), input.size(-1), filters);
    return places.shapeBelow(filters);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return rules.arrays(window.kernelShape(filters, input.size(-1)), useBias, Shape.of(filters));
  }

  @Override
  public String className() {
    return className(window);
  }

  private static String className(Window window) {
    return "Conv" + window.axes().size() + "DTranspose";
  }

  @Override
  public String kerasName() {
    return "conv" + window.axes().size() + "d_transpose";
  }
}
