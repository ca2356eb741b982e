package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;

/**
 * A convolution that is no {@link Conv1D} and no {@link GridConvolution}: some of whose products
 * are left out. Its window's axes are those of its input: of sequences, of pictures, of sequences
 * of pictures.
 */
public sealed interface SparseConvolution extends Layer
    permits DepthwiseConv, SeparableConv, GroupedConv, ConvTranspose {
  /** {@return Keras's kernel_size, strides, dilation_rate and padding} */
  Window window();

  /** {@return the function applied to the sums} */
  Activation activation();

  /** {@return whether a bias is added} */
  boolean useBias();

  /**
   * {@return the window's places}
   *
   * @param input the shape of one sample, features last
   * @throws IllegalArgumentException if that has other axes, or is too small for the first place
   */
  default WindowPlaces places(Shape input) {
    return window().places(className(), input);
  }

  /**
   * Refuses a kernel of more numbers than a walk over them has room for.
   *
   * @param layer the layer's name, for the message
   * @param positions those of the window
   * @param features the values of each that it reads
   * @param filters the values that it makes
   * @throws IllegalArgumentException if it is one
   */
  static void requireKernel(String layer, long positions, long features, long filters) {
    int most = 1 << 22;
    if (positions > most || positions * features > most || positions * features * filters > most) {
      throw new IllegalArgumentException(
          layer
              + ": a kernel must have at most "
              + most
              + " numbers, found "
              + positions
              + " * "
              + features
              + " * "
              + filters);
    }
  }

  /**
   * Refuses a window of more axes than Keras has such a layer for.
   *
   * @param layer the layer's name, for the message
   * @param window what slides
   * @throws IllegalArgumentException if it has three
   */
  static void requireNoVolume(String layer, Window window) {
    if (window instanceof VolumeWindow) {
      throw new IllegalArgumentException(
          layer + ": window must be of one or two axes; Keras has none over sequences of pictures");
    }
  }

  @Override
  default Activation outputActivation() {
    return activation();
  }
}
