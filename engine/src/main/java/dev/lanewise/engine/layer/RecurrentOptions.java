package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What all {@link Recurrent} layers may do differently.
 *
 * @param useBias whether a bias is added
 * @param returnSequences whether the output is every state, [steps, units], in place of the last
 * @param goBackwards whether the input is walked from its end; outputs stay in the order walked
 * @param initializers the rules for start values
 * @param regularizers the penalties on the parameters
 */
public record RecurrentOptions(
    boolean useBias,
    boolean returnSequences,
    boolean goBackwards,
    Initializers initializers,
    Regularizers regularizers) {
  /** Keras's defaults: a bias, the last state alone, forwards. */
  public static final RecurrentOptions DEFAULTS =
      new RecurrentOptions(true, false, false, Initializers.DEFAULT, Regularizers.NONE);

  /** Refuses nulls. */
  public RecurrentOptions {
    Objects.requireNonNull(initializers, "initializers");
    Objects.requireNonNull(regularizers, "regularizers");
  }

  /** Returns these options without a bias. */
  public RecurrentOptions withoutBias() {
    return new RecurrentOptions(false, returnSequences, goBackwards, initializers, regularizers);
  }

  /** Returns these options with every state as output. */
  public RecurrentOptions returningSequences() {
    return new RecurrentOptions(useBias, true, goBackwards, initializers, regularizers);
  }

  /** Returns these options walking the input from its end. */
  public RecurrentOptions goingBackwards() {
    return new RecurrentOptions(useBias, returnSequences, true, initializers, regularizers);
  }

  /** Returns these options walking the input from the other end. */
  public RecurrentOptions turned() {
    return new RecurrentOptions(useBias, returnSequences, !goBackwards, initializers, regularizers);
  }

  /** Returns these options with other start values. */
  public RecurrentOptions withInitializers(Initializers others) {
    return new RecurrentOptions(useBias, returnSequences, goBackwards, others, regularizers);
  }

  /** Returns these options with other penalties. */
  public RecurrentOptions withRegularizers(Regularizers others) {
    return new RecurrentOptions(useBias, returnSequences, goBackwards, initializers, others);
  }

  /**
   * Returns a layer's arrays in Keras's order.
   *
   * @param biasRule the rule for the bias's start values
   */
  List<ParameterSpec> parameters(
      Shape kernel, Shape recurrentKernel, Shape bias, Initializer biasRule) {
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(new ParameterSpec("kernel", kernel, initializers.kernel(), regularizers.kernel()));
    specs.add(
        new ParameterSpec(
            "recurrent_kernel",
            recurrentKernel,
            initializers.recurrent(),
            regularizers.recurrent()));
    if (useBias) {
      specs.add(new ParameterSpec("bias", bias, biasRule, regularizers.bias()));
    }
    return List.copyOf(specs);
  }
}
