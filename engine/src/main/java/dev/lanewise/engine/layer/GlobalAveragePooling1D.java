package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * The mean of each feature over all steps: [steps, features] becomes [features].
 *
 * @param keepDims whether the output is a sequence of one step
 */
public record GlobalAveragePooling1D(boolean keepDims) implements Layer {
  private static final String NAME = "GlobalAveragePooling1D";

  /** {@return a layer whose output is a vector, Keras's default} */
  public static GlobalAveragePooling1D withDefaults() {
    return new GlobalAveragePooling1D(false);
  }

  /**
   * {@return the one window that the mean is of}
   *
   * @param input the shape of one sample, [steps, features]
   */
  public SlidingWindow.Windows window(Shape input) {
    int steps = Sequences.steps(NAME, input);
    return new SlidingWindow.Windows(new SlidingWindow(steps, 1, 1, Padding.VALID), steps, 1, 0);
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "global_average_pooling1d";
  }

  @Override
  public Shape outputShape(Shape input) {
    Sequences.steps(NAME, input);
    return keepDims ? Shape.of(1, input.size(1)) : Shape.of(input.size(1));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }
}
