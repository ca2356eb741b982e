package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * The largest value of each feature over all steps: [steps, features] becomes [features]. Where
 * several steps have the largest value, they share the gradient equally, as in TensorFlow, unlike
 * those of {@link MaxPooling1D}.
 *
 * @param keepDims whether the output is a sequence of one step
 */
public record GlobalMaxPooling1D(boolean keepDims) implements Layer {
  private static final String NAME = "GlobalMaxPooling1D";

  /** {@return a layer whose output is a vector, Keras's default} */
  public static GlobalMaxPooling1D withDefaults() {
    return new GlobalMaxPooling1D(false);
  }

  @Override
  public String className() {
    return NAME;
  }

  @Override
  public String kerasName() {
    return "global_max_pooling1d";
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
