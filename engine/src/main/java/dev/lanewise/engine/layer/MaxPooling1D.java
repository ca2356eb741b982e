package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * The largest value of each feature in a window over time: y_p = max_j x_(step j of window p).
 * Steps outside the sequence do not count. Where several steps have the largest value, the gradient
 * goes to the first of them, as in TensorFlow.
 *
 * @param window Keras's pool_size, strides and padding, which is not causal; no dilation
 */
public record MaxPooling1D(SlidingWindow window) implements Layer {
  private static final String NAME = "MaxPooling1D";

  /**
   * Validates the window.
   *
   * @throws IllegalArgumentException if Keras has no such pooling
   */
  public MaxPooling1D {
    requirePools(NAME, window);
  }

  /**
   * {@return a layer whose windows of this size lie side by side, Keras's default being 2}
   *
   * @param poolSize the window's steps, at least 1
   */
  public static MaxPooling1D of(int poolSize) {
    return new MaxPooling1D(SlidingWindow.of(poolSize).withStrides(poolSize));
  }

  /**
   * {@return this layer with its window moved by so many steps}
   *
   * @param strides the steps from one window to the next, at least 1
   */
  public MaxPooling1D withStrides(int strides) {
    return new MaxPooling1D(window.withStrides(strides));
  }

  /**
   * {@return this layer with another rule for the ends of a sequence}
   *
   * @param padding what becomes of the ends
   */
  public MaxPooling1D withPadding(Padding padding) {
    return new MaxPooling1D(window.withPadding(padding));
  }

  static void requirePools(String layer, SlidingWindow window) {
    if (window.padding() == Padding.CAUSAL || window.dilationRate() != 1) {
      throw new IllegalArgumentException(
          layer
              + ": padding must be valid or same and the steps of a window neighbours, found "
              + window);
    }
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
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "max_pooling1d";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(windows(input).count(), input.size(1));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
