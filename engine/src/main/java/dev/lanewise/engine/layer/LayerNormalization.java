package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Normalizes each vector by itself (Ba et al. 2016): y = gamma (x - mean) / sqrt(variance +
 * epsilon) + beta, mean and variance (divided by the number of features) being those of the last
 * axis.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>gamma</td><td>[features]</td><td>ones; absent, and 1, if {@code scale} is false</td></tr>
 *   <tr><td>beta</td><td>[features]</td><td>zeros; absent, and 0, if {@code center} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps the normalized vectors and what they were divided by.
 *
 * @param epsilon what is added to the variance, above 0
 * @param center whether there is a beta
 * @param scale whether there is a gamma
 */
public record LayerNormalization(double epsilon, boolean center, boolean scale) implements Layer {
  /** Keras's epsilon. */
  public static final double DEFAULT_EPSILON = 1e-3;

  /**
   * Validates epsilon.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public LayerNormalization {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "LayerNormalization: epsilon must be positive and finite, found " + epsilon);
    }
  }

  /** {@return Keras's default} */
  public static LayerNormalization withDefaults() {
    return new LayerNormalization(DEFAULT_EPSILON, true, true);
  }

  @Override
  public String className() {
    return "LayerNormalization";
  }

  @Override
  public String kerasName() {
    return "layer_normalization";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape shape = Shape.of(input.size(-1));
    List<ParameterSpec> specs = new ArrayList<>();
    if (scale) {
      specs.add(ParameterRule.of(Initializer.ONES).array("gamma", shape));
    }
    if (center) {
      specs.add(ParameterRule.of(Initializer.ZEROS).array("beta", shape));
    }
    return List.copyOf(specs);
  }
}
