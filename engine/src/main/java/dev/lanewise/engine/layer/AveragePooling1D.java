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

  /** Returns a layer whose windows of this size lie side by side, Keras's default being 2. */
  public static AveragePooling1D of(int poolSize) {
    return new AveragePooling1D(SlidingWindow.of(poolSize).withStrides(poolSize));
  }

  /** Returns this layer with its window moved by so many steps. */
  public AveragePooling1D withStrides(int strides) {
    return new AveragePooling1D(window.withStrides(strides));
  }

  /** Returns this layer with another rule for the ends of a sequence. */
  public AveragePooling1D withPadding(Padding padding) {
    return new AveragePooling1D(window.withPadding(padding));
  }

  /** Returns the window's places on a sequence. */
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
