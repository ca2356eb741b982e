package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The fully connected layer: y = activation(x * kernel + bias), over the last axis of its input.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[in, units]</td><td>Glorot uniform, unless {@code rules} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[units]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps its input and its output.
 *
 * @param units the width of the output, 1 to 2^24
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param rules those for the parameters
 */
public record Dense(int units, Activation activation, boolean useBias, ParameterRules rules)
    implements Layer, Ruled<Dense> {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code units} is out of range
   */
  public Dense {
    Units.check("Dense", units);
    Objects.requireNonNull(activation, "Dense: activation");
    Objects.requireNonNull(rules, "Dense: rules");
  }

  /**
   * Creates a layer with Keras's initializers and no penalties.
   *
   * @param units the values of each output, at least 1
   * @param activation the function of each output
   * @param useBias whether a bias is learnt
   */
  public Dense(int units, Activation activation, boolean useBias) {
    this(units, activation, useBias, ParameterRules.DEFAULT);
  }

  /**
   * {@return a layer with a bias}
   *
   * @param units the values of each output, at least 1
   * @param activation the function of each output
   */
  public static Dense of(int units, Activation activation) {
    return new Dense(units, activation, true);
  }

  /**
   * {@return a layer with a bias and no activation, Keras's default}
   *
   * @param units the values of each output, at least 1
   */
  public static Dense of(int units) {
    return of(units, Activation.LINEAR);
  }

  /** {@return this layer without its bias} */
  public Dense withoutBias() {
    return new Dense(units, activation, false, rules);
  }

  @Override
  public Dense withRules(ParameterRules others) {
    return new Dense(units, activation, useBias, others);
  }

  @Override
  public Activation outputActivation() {
    return activation;
  }

  @Override
  public String className() {
    return "Dense";
  }

  @Override
  public String kerasName() {
    return "dense";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input.withLast(units);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return rules.arrays(Shape.of(input.size(-1), units), useBias, Shape.of(units));
  }
}
