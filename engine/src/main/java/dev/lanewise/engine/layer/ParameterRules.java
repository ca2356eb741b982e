package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * What holds for the arrays of a layer.
 *
 * @param kernel what holds for the inputs' weights
 * @param recurrent what holds for the state's weights, in layers that have a state
 * @param bias what holds for the bias, in layers that have one
 */
public record ParameterRules(ParameterRule kernel, ParameterRule recurrent, ParameterRule bias) {
  /** Keras's defaults: Glorot uniform, orthogonal, zeros; no penalties and no constraints. */
  public static final ParameterRules DEFAULT =
      new ParameterRules(
          ParameterRule.of(Initializer.GLOROT_UNIFORM),
          ParameterRule.of(Initializer.ORTHOGONAL),
          ParameterRule.of(Initializer.ZEROS));

  /**
   * Refuses nulls.
   *
   * @throws IllegalArgumentException if a rule is an option of a layer
   */
  public ParameterRules {
    Objects.requireNonNull(kernel, "kernel rule");
    Objects.requireNonNull(recurrent, "recurrent rule");
    if (bias.initializer() instanceof Initializer.UnitForgetBias) {
      throw new IllegalArgumentException(
          "bias initializer: that of a forget gate is an option of Lstm, unitForgetBias");
    }
  }

  /**
   * {@return these with other start values}
   *
   * @param others those that take their place
   */
  public ParameterRules withInitializers(Initializers others) {
    return new ParameterRules(
        kernel.withInitializer(others.kernel()),
        recurrent.withInitializer(others.recurrent()),
        bias.withInitializer(others.bias()));
  }

  /**
   * {@return these with other penalties}
   *
   * @param others those that take their place
   */
  public ParameterRules withRegularizers(Regularizers others) {
    return new ParameterRules(
        kernel.withRegularizer(others.kernel()),
        recurrent.withRegularizer(others.recurrent()),
        bias.withRegularizer(others.bias()));
  }

  /**
   * {@return these with other constraints}
   *
   * @param others those that take their place
   */
  public ParameterRules withConstraints(Constraints others) {
    return new ParameterRules(
        kernel.withConstraint(others.kernel()),
        recurrent.withConstraint(others.recurrent()),
        bias.withConstraint(others.bias()));
  }

  /** Returns the arrays of a layer without a state. */
  List<ParameterSpec> arrays(Shape kernelShape, boolean useBias, Shape biasShape) {
    ParameterSpec weights = kernel.array("kernel", kernelShape);
    return useBias ? List.of(weights, bias.array("bias", biasShape)) : List.of(weights);
  }
}
