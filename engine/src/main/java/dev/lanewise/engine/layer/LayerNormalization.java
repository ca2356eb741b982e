package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Normalizes each vector by itself (Ba et al. 2016): y = gamma (x - mean) / sqrt(variance +
 * epsilon) + beta, mean and variance (divided by the number of elements) being those of what lies
 * along the last axis, or along other axes: along those of steps and features, of a whole sequence.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>gamma</td><td>the sizes of the axes</td><td>ones, unless {@code gamma} says otherwise; absent, and 1, if {@code scale} is false</td></tr>
 *   <tr><td>beta</td><td>the same</td><td>zeros, unless {@code beta} says otherwise; absent, and 0, if {@code center} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps the normalized vectors and what they were divided by.
 *
 * @param axes along which, the batch's being 0; counted from the last if negative
 * @param epsilon what is added to the variance, above 0
 * @param center whether there is a beta
 * @param scale whether there is a gamma
 * @param gamma the rule for gamma
 * @param beta the rule for beta
 */
public record LayerNormalization(
    List<Integer> axes,
    double epsilon,
    boolean center,
    boolean scale,
    ParameterRule gamma,
    ParameterRule beta)
    implements Layer {
  /** Keras's epsilon. */
  public static final double DEFAULT_EPSILON = 1e-3;

  /**
   * Validates epsilon.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public LayerNormalization {
    axes = List.copyOf(axes);
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "LayerNormalization: epsilon must be positive and finite, found " + epsilon);
    }
    Objects.requireNonNull(gamma, "LayerNormalization: gamma");
    Objects.requireNonNull(beta, "LayerNormalization: beta");
  }

  /** {@return Keras's default} */
  public static LayerNormalization withDefaults() {
    return of(DEFAULT_EPSILON, true, true);
  }

  /**
   * {@return a layer whose gamma begins with ones and whose beta begins with zeros}
   *
   * @param epsilon what is added to the variance, above 0
   * @param center whether there is a beta
   * @param scale whether there is a gamma
   */
  public static LayerNormalization of(double epsilon, boolean center, boolean scale) {
    ParameterRule ones = ParameterRule.of(Initializer.ONES);
    return new LayerNormalization(
        Axes.LAST, epsilon, center, scale, ones, ParameterRule.of(Initializer.ZEROS));
  }

  /**
   * {@return this layer along other axes}
   *
   * @param others those of a sample, counted from the batch's, which is 0; negative ones from the
   *     last
   */
  public LayerNormalization withAxes(Integer... others) {
    return new LayerNormalization(List.of(others), epsilon, center, scale, gamma, beta);
  }

  /**
   * {@return this layer with another rule for gamma}
   *
   * @param other the rule that takes its place
   */
  public LayerNormalization withGamma(ParameterRule other) {
    return new LayerNormalization(axes, epsilon, center, scale, other, beta);
  }

  /**
   * {@return this layer with another rule for beta}
   *
   * @param other the rule that takes its place
   */
  public LayerNormalization withBeta(ParameterRule other) {
    return new LayerNormalization(axes, epsilon, center, scale, gamma, other);
  }

  /**
   * {@return the axes counted from the batch's, which is 0, in ascending order}
   *
   * @param input the shape of one sample
   */
  public List<Integer> axes(Shape input) {
    return Axes.counted(className(), axes, input);
  }

  /**
   * {@return whether it is along the last axis alone}
   *
   * @param input the shape of one sample
   */
  public boolean ofFeatures(Shape input) {
    return Axes.areLast(className(), axes, input);
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
    axes(input);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    // Keras orders axes before it counts those from the last: -1 is before 1
    int[] sizes =
        axes.stream().sorted().mapToInt(axis -> input.size(axis < 0 ? axis : axis - 1)).toArray();
    Shape shape = Shape.of(sizes);
    List<ParameterSpec> specs = new ArrayList<>();
    if (scale) {
      specs.add(gamma.array("gamma", shape));
    }
    if (center) {
      specs.add(beta.array("beta", shape));
    }
    return List.copyOf(specs);
  }
}
