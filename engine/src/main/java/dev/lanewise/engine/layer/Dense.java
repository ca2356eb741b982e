package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The fully connected layer: y = activation(x * kernel + bias), over the last axis of its input.
 *
 * <table>
 *   <caption>Parameters</caption>
 *   <tr><td>kernel</td><td>[in, units]</td><td>Glorot uniform, unless {@code initializers} say otherwise</td></tr>
 *   <tr><td>bias</td><td>[units]</td><td>zeros; absent if {@code useBias} is false</td></tr>
 * </table>
 *
 * <p>For its backward pass it keeps its input and its output.
 *
 * @param units the width of the output, 1 to 2^24
 * @param activation the function applied to the sums
 * @param useBias whether a bias is added
 * @param initializers the rules for start values
 * @param regularizers the penalties on the parameters
 * @param constraints the rules that the parameters keep
 */
public record Dense(
    int units,
    Activation activation,
    boolean useBias,
    Initializers initializers,
    Regularizers regularizers,
    Constraints constraints)
    implements Layer {
  /**
   * Validates the configuration.
   *
   * @throws IllegalArgumentException if {@code units} is out of range
   */
  public Dense {
    Units.check("Dense", units);
    Objects.requireNonNull(activation, "Dense: activation");
    Objects.requireNonNull(initializers, "Dense: initializers");
    Objects.requireNonNull(regularizers, "Dense: regularizers");
    Objects.requireNonNull(constraints, "Dense: constraints");
  }

  /**
   * Creates a layer without constraints.
   *
   * @param units the width of the output, 1 to 2^24
   * @param activation the function applied to the sums
   * @param useBias whether a bias is added
   * @param initializers the rules for start values
   * @param regularizers the penalties on the parameters
   * @throws IllegalArgumentException if {@code units} is out of range
   */
  public Dense(
      int units,
      Activation activation,
      boolean useBias,
      Initializers initializers,
      Regularizers regularizers) {
    this(units, activation, useBias, initializers, regularizers, Constraints.NONE);
  }

  /**
   * Creates a layer with Keras's initializers and no penalties.
   *
   * @param units the values of each output, at least 1
   * @param activation the function of each output
   * @param useBias whether a bias is learnt
   */
  public Dense(int units, Activation activation, boolean useBias) {
    this(units, activation, useBias, Initializers.DEFAULT, Regularizers.NONE);
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
    return new Dense(units, activation, false, initializers, regularizers, constraints);
  }

  /**
   * {@return this layer with other start values}
   *
   * @param others those of kernel and bias
   */
  public Dense withInitializers(Initializers others) {
    return new Dense(units, activation, useBias, others, regularizers, constraints);
  }

  /**
   * {@return this layer with other penalties}
   *
   * @param others those of kernel and bias
   */
  public Dense withRegularizers(Regularizers others) {
    return new Dense(units, activation, useBias, initializers, others, constraints);
  }

  /**
   * {@return this layer with other rules that its parameters keep}
   *
   * @param others those of kernel and bias
   */
  public Dense withConstraints(Constraints others) {
    return new Dense(units, activation, useBias, initializers, regularizers, others);
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
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(
        new ParameterSpec(
                "kernel",
                Shape.of(input.size(-1), units),
                initializers.kernel(),
                regularizers.kernel())
            .constrained(constraints.kernel()));
    if (useBias) {
      specs.add(
          new ParameterSpec("bias", Shape.of(units), initializers.bias(), regularizers.bias())
              .constrained(constraints.bias()));
    }
    return List.copyOf(specs);
  }
}
