package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * A convolution over the positions of a grid: y_p = activation(sum_j x_(position j of window p) *
 * kernel_j + bias), a position outside the grid counting as zeros. Keras's, with channels last and
 * one group.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[the window's sizes, in, filters]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[filters]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps its input and its output.
 */
public sealed interface GridConvolution extends Layer permits Conv2D, Conv3D {
  /** Rows of the kernel as a matrix [positions * in, filters]. */
  long MOST_ROWS = 1 << 30;

  /** {@return the width of the output} */
  int filters();

  /** {@return Keras's kernel_size, strides, dilation_rate and padding} */
  Window window();

  /** {@return the function applied to the sums} */
  Activation activation();

  /** {@return whether a bias is added} */
  boolean useBias();

  /** {@return those for the parameters} */
  ParameterRules rules();

  /**
   * {@return the window's places}
   *
   * @param input the shape of one sample, features last
   */
  default WindowPlaces places(Shape input) {
    return window().places(className(), input);
  }

  @Override
  default Activation outputActivation() {
    return activation();
  }

  @Override
  default String className() {
    return "Conv" + window().axes().size() + "D";
  }

  @Override
  default String kerasName() {
    return "conv" + window().axes().size() + "d";
  }

  @Override
  default Shape outputShape(Shape input) {
    Shape output = window().outputShape(className(), input, filters());
    long positions = window().positions();
    if (positions > MOST_ROWS / input.size(-1)) {
      throw new IllegalArgumentException(
          className()
              + ": the window's positions * features must be at most "
              + MOST_ROWS
              + ", found "
              + positions
              + " * "
              + input.size(-1));
    }
    return output;
  }

  @Override
  default List<ParameterSpec> parameters(Shape input) {
    Shape kernel = window().kernelShape(input.size(-1), filters());
    return rules().arrays(kernel, useBias(), Shape.of(filters()));
  }
}
