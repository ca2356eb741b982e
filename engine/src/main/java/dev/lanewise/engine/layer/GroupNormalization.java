package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Normalizes groups of a sample's channels (Wu and He 2018), Keras's {@code GroupNormalization}: y
 * = gamma (x - mean) / sqrt(variance + epsilon) + beta, mean and variance being those of all that a
 * group's channels have in a sample, at all steps and places. One group is a layer normalization of
 * the whole sample, as many as channels are an instance normalization.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>gamma</td><td>[channels]</td><td>ones, unless {@code gamma} says otherwise; absent, and 1, if {@code scale} is false</td></tr>
 *   <tr><td>beta</td><td>[channels]</td><td>zeros, unless {@code beta} says otherwise; absent, and 0, if {@code center} is false</td></tr>
 * </table>
 *
 * <p>A mask goes on through it and is not heeded, as in Keras: what is masked has its part in the
 * statistics. For its backward pass it keeps the normalized values and what they were divided by.
 *
 * @param groups how many there are: a divisor of the channels' number, or -1 for one each
 * @param axis the channels': by default the last, -1; otherwise counted from the batch's, which is
 *     0, or from the last if negative
 * @param epsilon what is added to the variance, above 0
 * @param center whether there is a beta
 * @param scale whether there is a gamma
 * @param gamma the rule for gamma
 * @param beta the rule for beta
 */
public record GroupNormalization(
    int groups,
    int axis,
    double epsilon,
    boolean center,
    boolean scale,
    ParameterRule gamma,
    ParameterRule beta)
    implements Layer {
  /** Keras's number of groups. */
  public static final int DEFAULT_GROUPS = 32;

  /** Keras's epsilon. */
  public static final double DEFAULT_EPSILON = 1e-3;

  /** Stands for as many groups as channels. */
  public static final int EACH_CHANNEL = -1;

  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public GroupNormalization {
    if (groups < 1 && groups != EACH_CHANNEL) {
      throw new IllegalArgumentException(
          "GroupNormalization: groups must be 1 or more, or -1 for one a channel, found " + groups);
    }
    if (!(epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "GroupNormalization: epsilon must be above 0, found " + epsilon);
    }
    Objects.requireNonNull(gamma, "GroupNormalization: gamma");
    Objects.requireNonNull(beta, "GroupNormalization: beta");
  }

  /**
   * {@return a layer with so many groups and otherwise Keras's defaults}
   *
   * @param groups how many, or -1 for one a channel
   */
  public static GroupNormalization of(int groups) {
    ParameterRule ones = ParameterRule.of(Initializer.ONES);
    ParameterRule zeros = ParameterRule.of(Initializer.ZEROS);
    return new GroupNormalization(groups, -1, DEFAULT_EPSILON, true, true, ones, zeros);
  }

  /**
   * {@return this layer with channels along another axis}
   *
   * @param other counted from the batch's, which is 0, or from the last if negative
   */
  public GroupNormalization withAxis(int other) {
    return new GroupNormalization(groups, other, epsilon, center, scale, gamma, beta);
  }

  /**
   * {@return this layer with another epsilon}
   *
   * @param other what is added to a variance before its root, above 0
   */
  public GroupNormalization withEpsilon(double other) {
    return new GroupNormalization(groups, axis, other, center, scale, gamma, beta);
  }

  /** {@return this layer without beta} */
  public GroupNormalization withoutCenter() {
    return new GroupNormalization(groups, axis, epsilon, false, scale, gamma, beta);
  }

  /** {@return this layer without gamma} */
  public GroupNormalization withoutScale() {
    return new GroupNormalization(groups, axis, epsilon, center, false, gamma, beta);
  }

  /**
   * {@return this layer with another rule for gamma}
   *
   * @param other the rule that takes its place
   */
  public GroupNormalization withGamma(ParameterRule other) {
    return new GroupNormalization(groups, axis, epsilon, center, scale, other, beta);
  }

  /**
   * {@return this layer with another rule for beta}
   *
   * @param other the rule that takes its place
   */
  public GroupNormalization withBeta(ParameterRule other) {
    return new GroupNormalization(groups, axis, epsilon, center, scale, gamma, other);
  }

  /**
   * {@return the channels' axis counted from the batch's, which is 0}
   *
   * @param input the shape of one sample
   */
  public int axis(Shape input) {
    return Axes.counted(className(), axis, input);
  }

  /**
   * {@return how many groups there are}
   *
   * @param input the shape of one sample
   * @throws IllegalArgumentException if they do not share the channels evenly
   */
  public int groups(Shape input) {
    int channels = input.size(axis(input) - 1);
    if (groups != EACH_CHANNEL && channels % groups != 0) {
      throw new IllegalArgumentException(
          "GroupNormalization: groups must divide the number of channels, which is "
              + channels
              + " in samples of "
              + input
              + ", found "
              + groups);
    }
    return groups == EACH_CHANNEL ? channels : groups;
  }

  @Override
  public String className() {
    return "GroupNormalization";
  }

  @Override
  public String kerasName() {
    return "group_normalization";
  }

  @Override
  public Shape outputShape(Shape input) {
    groups(input);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape channels = Shape.of(input.size(axis(input) - 1));
    List<ParameterSpec> specs = new ArrayList<>();
    if (scale) {
      specs.add(gamma.array("gamma", channels));
    }
    if (center) {
      specs.add(beta.array("beta", channels));
    }
    return List.copyOf(specs);
  }
}
