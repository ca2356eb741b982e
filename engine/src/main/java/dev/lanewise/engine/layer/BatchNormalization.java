package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Brings each feature, or each step, to mean 0 and variance 1, then to a mean and a variance that
 * are learned (Ioffe and Szegedy 2015): y = gamma * (x - mean) / sqrt(variance + epsilon) + beta.
 * In training, mean and variance are those of the batch, over samples and all other axes, and
 * moving ones follow them: moving = moving * momentum + batch's * (1 - momentum). Otherwise, and
 * where the layer is {@link Frozen}, they are the moving ones.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>gamma</td><td>[size of the axis]</td><td>ones, unless {@code gamma} says otherwise; absent if {@code scale} is false</td></tr>
 *   <tr><td>beta</td><td>[size of the axis]</td><td>zeros, unless {@code beta} says otherwise; absent if {@code center} is false</td></tr>
 *   <tr><td>moving_mean</td><td>[size of the axis]</td><td>zeros; not trained</td></tr>
 *   <tr><td>moving_variance</td><td>[size of the axis]</td><td>ones; not trained</td></tr>
 * </table>
 *
 * @param axis of which each place has its own mean: by default the last, -1, which is the
 *     features'; otherwise counted from the batch's, which is 0, or from the last if negative
 * @param momentum the share of the moving statistics that stays at each update, 0 to 1
 * @param epsilon added to the variance, above 0
 * @param center whether beta is added
 * @param scale whether gamma multiplies
 * @param gamma the rule for gamma
 * @param beta the rule for beta
 */
public record BatchNormalization(
    int axis,
    double momentum,
    double epsilon,
    boolean center,
    boolean scale,
    ParameterRule gamma,
    ParameterRule beta)
    implements Layer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public BatchNormalization {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "BatchNormalization: momentum must be 0 to 1, found " + momentum);
    }
    if (!(epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "BatchNormalization: epsilon must be above 0, found " + epsilon);
    }
    Objects.requireNonNull(gamma, "BatchNormalization: gamma");
    Objects.requireNonNull(beta, "BatchNormalization: beta");
  }

  /** {@return a layer with Keras's defaults} */
  public static BatchNormalization withDefaults() {
    ParameterRule ones = ParameterRule.of(Initializer.ONES);
    ParameterRule zeros = ParameterRule.of(Initializer.ZEROS);
    return new BatchNormalization(-1, 0.99, 1e-3, true, true, ones, zeros);
  }

  /**
   * {@return this layer with means of another axis' places}
   *
   * @param other counted from the batch's, which is 0, or from the last if negative
   */
  public BatchNormalization withAxis(int other) {
    return new BatchNormalization(other, momentum, epsilon, center, scale, gamma, beta);
  }

  /**
   * {@return the axis counted from the batch's, which is 0}
   *
   * @param input the shape of one sample
   */
  public int axis(Shape input) {
    return Axes.counted(className(), axis, input);
  }

  /**
   * {@return whether the means are those of features}
   *
   * @param input the shape of one sample
   */
  public boolean ofFeatures(Shape input) {
    return axis(input) == input.rank();
  }

  /**
   * {@return this layer with another momentum}
   *
   * @param other what is kept of the running statistics at each update, from 0 to 1
   */
  public BatchNormalization withMomentum(double other) {
    return new BatchNormalization(axis, other, epsilon, center, scale, gamma, beta);
  }

  /**
   * {@return this layer with another epsilon}
   *
   * @param other what is added to a variance before its root, at least 0
   */
  public BatchNormalization withEpsilon(double other) {
    return new BatchNormalization(axis, momentum, other, center, scale, gamma, beta);
  }

  /** {@return this layer without beta} */
  public BatchNormalization withoutCenter() {
    return new BatchNormalization(axis, momentum, epsilon, false, scale, gamma, beta);
  }

  /** {@return this layer without gamma} */
  public BatchNormalization withoutScale() {
    return new BatchNormalization(axis, momentum, epsilon, center, false, gamma, beta);
  }

  /**
   * {@return this layer with another rule for gamma}
   *
   * @param other the rule that takes its place
   */
  public BatchNormalization withGamma(ParameterRule other) {
    return new BatchNormalization(axis, momentum, epsilon, center, scale, other, beta);
  }

  /**
   * {@return this layer with another rule for beta}
   *
   * @param other the rule that takes its place
   */
  public BatchNormalization withBeta(ParameterRule other) {
    return new BatchNormalization(axis, momentum, epsilon, center, scale, gamma, other);
  }

  @Override
  public String className() {
    return "BatchNormalization";
  }

  @Override
  public String kerasName() {
    return "batch_normalization";
  }

  @Override
  public Shape outputShape(Shape input) {
    axis(input);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape features = Shape.of(input.size(axis(input) - 1));
    List<ParameterSpec> specs = new ArrayList<>();
    if (scale) {
      specs.add(gamma.array("gamma", features));
    }
    if (center) {
      specs.add(beta.array("beta", features));
    }
    specs.add(moving("moving_mean", features, Initializer.ZEROS));
    specs.add(moving("moving_variance", features, Initializer.ONES));
    return List.copyOf(specs);
  }

  private static ParameterSpec moving(String name, Shape features, Initializer start) {
    return ParameterRule.of(start).array(name, features).frozen();
  }
}
