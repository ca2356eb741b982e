package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * The mean of each feature in a window over time. Steps outside the sequence do not count: a window
 * that reaches beyond an end is the mean of fewer steps, as in TensorFlow.
 *
 * @param window Keras's pool_size, strides and padding, which is not causal; no dilation
 */
public record AveragePooling1D(SlidingWindow window) implements Layer {
  private static final String NAME = "AveragePooling1D";

  /**
   * Validates the window.
   *
   * @throws IllegalArgumentException if Keras has no such pooling
   */
  public AveragePooling1D {
    MaxPooling1D.requirePools(NAME, window);
  }

  /**
   * {@return a layer whose windows of this size lie side by side, Keras's default being 2}
   *
   * @param poolSize the window's steps, at least 1
   */
  public static AveragePooling1D of(int poolSize) {
    return new AveragePooling1D(SlidingWindow.of(poolSize).withStrides(poolSize));
  }

  /**
   * {@return this layer with its window moved by so many steps}
   *
   * @param strides the steps from one window to the next, at least 1
   */
  public AveragePooling1D withStrides(int strides) {
    return new AveragePooling1D(window.withStrides(strides));
  }

  /**
   * {@return this layer with another rule for the ends of a sequence}
   *
   * @param padding what becomes of the ends
   */
  public AveragePooling1D withPadding(Padding padding) {
    return new AveragePooling1D(window.withPadding(padding));
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
    return "average_pooling1d";
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
