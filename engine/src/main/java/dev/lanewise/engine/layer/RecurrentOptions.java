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
 * @param returnState whether its last states are outputs too, behind the first
 * @param goBackwards whether the input is walked from its end; outputs stay in the order walked
 * @param stateful whether a batch begins with the states that the one before has left, row by row
 * @param zeroOutputForMask whether the output at a masked step is zero, in place of the output
 *     before it
 * @param dropout the share of the inputs that sums do without in training, in [0, 1)
 * @param recurrentDropout the share of the state that sums do without in training, in [0, 1)
 * @param initializers the rules for start values
 * @param regularizers the penalties on the parameters
 * @param constraints the rules that the parameters keep
 */
public record RecurrentOptions(
    boolean useBias,
    boolean returnSequences,
    boolean returnState,
    boolean goBackwards,
    boolean stateful,
    boolean zeroOutputForMask,
    double dropout,
    double recurrentDropout,
    Initializers initializers,
    Regularizers regularizers,
    Constraints constraints) {
  /** Keras's defaults: a bias, the last state alone, forwards, nothing dropped. */
  public static final RecurrentOptions DEFAULTS =
      new RecurrentOptions(
          true, false, false, false, false, false, 0, 0, Initializers.DEFAULT, Regularizers.NONE);

  /**
   * Makes options without constraints.
   *
   * @param useBias whether a bias is added
   * @param returnSequences whether the output is every state
   * @param returnState whether its last states are outputs too
   * @param goBackwards whether the input is walked from its end
   * @param stateful whether a batch begins with the states that the one before has left
   * @param zeroOutputForMask whether the output at a masked step is zero
   * @param dropout the share of the inputs that is dropped in training, in [0, 1)
   * @param recurrentDropout the share of the state that is dropped in training, in [0, 1)
   * @param initializers the rules for start values
   * @param regularizers the penalties on the parameters
   * @throws IllegalArgumentException if a rate is outside [0, 1)
   */
  public RecurrentOptions(
      boolean useBias,
      boolean returnSequences,
      boolean returnState,
      boolean goBackwards,
      boolean stateful,
      boolean zeroOutputForMask,
      double dropout,
      double recurrentDropout,
      Initializers initializers,
      Regularizers regularizers) {
    this(
        useBias,
        returnSequences,
        returnState,
        goBackwards,
        stateful,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        Constraints.NONE);
  }

  /**
   * Refuses nulls and rates that are none.
   *
   * @throws IllegalArgumentException if a rate is outside [0, 1)
   */
  public RecurrentOptions {
    Dropout.requireRate("dropout", dropout);
    Dropout.requireRate("recurrentDropout", recurrentDropout);
    Objects.requireNonNull(initializers, "initializers");
    Objects.requireNonNull(regularizers, "regularizers");
    Objects.requireNonNull(constraints, "constraints");
  }

  /** {@return these options without a bias} */
  public RecurrentOptions withoutBias() {
    return new RecurrentOptions(
        false,
        returnSequences,
        returnState,
        goBackwards,
        stateful,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        constraints);
  }

  /** {@return these options with every state as output} */
  public RecurrentOptions returningSequences() {
    return new RecurrentOptions(
        useBias,
        true,
        returnState,
        goBackwards,
        stateful,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        constraints);
  }

  /** {@return these options with the last states as outputs too} */
  public RecurrentOptions returningState() {
    return new RecurrentOptions(
        useBias,
        returnSequences,
        true,
        goBackwards,
        stateful,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        constraints);
  }

  /** {@return these options walking the input from its end} */
  public RecurrentOptions goingBackwards() {
    return goBackwards ? this : turned();
  }

  /** {@return these options walking the input from the other end} */
  public RecurrentOptions turned() {
    return new RecurrentOptions(
        useBias,
        returnSequences,
        returnState,
        !goBackwards,
        stateful,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        constraints);
  }

  /** {@return these options keeping states from batch to batch} */
  public RecurrentOptions keepingState() {
    return new RecurrentOptions(
        useBias,
        returnSequences,
        returnState,
        goBackwards,
        true,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        constraints);
  }

  /**
   * {@return these options with this output at masked steps: zero, or the output before}
   *
   * @param zero whether it is zero
   */
  public RecurrentOptions withZeroOutputForMask(boolean zero) {
    return new RecurrentOptions(
        useBias,
        returnSequences,
        returnState,
        goBackwards,
        stateful,
        zero,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        constraints);
  }

  /**
   * {@return these options with other rates of {@link Recurrent what is dropped in training}}
   *
   * @param ofInputs the share of inputs that is dropped: at least 0, below 1
   * @param ofStates the share of states that is dropped: at least 0, below 1
   */
  public RecurrentOptions withDropout(double ofInputs, double ofStates) {
    return new RecurrentOptions(
        useBias,
        returnSequences,
        returnState,
        goBackwards,
        stateful,
        zeroOutputForMask,
        ofInputs,
        ofStates,
        initializers,
        regularizers,
        constraints);
  }

  /** Returns these options with another's way to walk, and to give what comes of it. */
  RecurrentOptions walkingAs(RecurrentOptions other) {
    return new RecurrentOptions(
        useBias,
        other.returnSequences,
        other.returnState,
        other.goBackwards,
        other.stateful,
        other.zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        constraints);
  }

  /**
   * {@return these options with other start values}
   *
   * @param others those that take their place
   */
  public RecurrentOptions withInitializers(Initializers others) {
    return new RecurrentOptions(
        useBias,
        returnSequences,
        returnState,
        goBackwards,
        stateful,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        others,
        regularizers,
        constraints);
  }

  /**
   * {@return these options with other penalties}
   *
   * @param others those that take their place
   */
  public RecurrentOptions withRegularizers(Regularizers others) {
    return new RecurrentOptions(
        useBias,
        returnSequences,
        returnState,
        goBackwards,
        stateful,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        others,
        constraints);
  }

  /**
   * {@return these options with other rules that the parameters keep}
   *
   * @param others those that take their place
   */
  public RecurrentOptions withConstraints(Constraints others) {
    return new RecurrentOptions(
        useBias,
        returnSequences,
        returnState,
        goBackwards,
        stateful,
        zeroOutputForMask,
        dropout,
        recurrentDropout,
        initializers,
        regularizers,
        others);
  }

  /**
   * Returns a layer's arrays in Keras's order.
   *
   * @param biasRule the rule for the bias's start values
   */
  List<ParameterSpec> parameters(
      Shape kernel, Shape recurrentKernel, Shape bias, Initializer biasRule) {
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(
        new ParameterSpec("kernel", kernel, initializers.kernel(), regularizers.kernel())
            .constrained(constraints.kernel()));
    specs.add(
        new ParameterSpec(
                "recurrent_kernel",
                recurrentKernel,
                initializers.recurrent(),
                regularizers.recurrent())
            .constrained(constraints.recurrent()));
    if (useBias) {
      specs.add(
          new ParameterSpec("bias", bias, biasRule, regularizers.bias())
              .constrained(constraints.bias()));
    }
    return List.copyOf(specs);
  }
}
