package dev.lanewise.engine.layer;

/** A convolution over time that is not one {@link Conv1D}: some of whose products are left out. */
public sealed interface Convolution1D extends Layer
    permits DepthwiseConv1D, SeparableConv1D, GroupedConv1D, Conv1DTranspose {
  /** {@return the function applied to the sums} */
  Activation activation();

  /**
   * Refuses a kernel of more numbers than a walk over them has room for.
   *
   * @param layer the layer's name, for the message
   * @param size the window's positions
   * @param features the values of each that it reads
   * @param filters the values that it makes
   * @throws IllegalArgumentException if it is one
   */
  static void requireKernel(String layer, long size, long features, long filters) {
    int most = 1 << 22;
    if (Math.multiplyHigh(size * features, filters) != 0 || size * features * filters > most) {
      throw new IllegalArgumentException(
          layer
              + ": a kernel must have at most "
              + most
              + " numbers, found "
              + size
              + " * "
              + features
              + " * "
              + filters);
    }
  }

  @Override
  default Activation outputActivation() {
    return activation();
  }
}
