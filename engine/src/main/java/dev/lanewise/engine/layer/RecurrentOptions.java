package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * What all {@link Recurrent} layers may do differently.
 *
 * @param walk how the sequence is walked, and what is given of it
 * @param useBias whether a bias is added
 * @param dropout the share of the inputs that sums do without in training, in [0, 1)
 * @param recurrentDropout the share of the state that sums do without in training, in [0, 1)
 * @param rules those for the parameters
 */
public record RecurrentOptions(
    Walk walk, boolean useBias, double dropout, double recurrentDropout, ParameterRules rules)
    implements Ruled<RecurrentOptions> {
  /** Keras's defaults: a bias, the last state alone, forwards, nothing dropped. */
  public static final RecurrentOptions DEFAULTS =
      new RecurrentOptions(Walk.DEFAULT, true, 0, 0, ParameterRules.DEFAULT);

  /**
   * Refuses nulls and rates that are none.
   *
   * @throws IllegalArgumentException if a rate is outside [0, 1)
   */
  public RecurrentOptions {
    Objects.requireNonNull(walk, "walk");
    Dropout.requireRate("dropout", dropout);
    Dropout.requireRate("recurrentDropout", recurrentDropout);
    Objects.requireNonNull(rules, "rules");
  }

  /**
   * {@return these options with another walk}
   *
   * @param other the walk that takes its place
   */
  public RecurrentOptions walking(Walk other) {
    return new RecurrentOptions(other, useBias, dropout, recurrentDropout, rules);
  }

  /** {@return these options with every state as output} */
  public RecurrentOptions returningSequences() {
    return walking(walk.returningSequences());
  }

  /** {@return these options with the last states as outputs too} */
  public RecurrentOptions returningState() {
    return walking(walk.returningState());
  }

  /** {@return these options walking the input from its end} */
  public RecurrentOptions goingBackwards() {
    return walk.goBackwards() ? this : turned();
  }

  /** {@return these options walking the input from the other end} */
  public RecurrentOptions turned() {
    return walking(walk.turned());
  }

  /** {@return these options keeping states from batch to batch} */
  public RecurrentOptions keepingState() {
    return walking(walk.keepingState());
  }

  /**
   * {@return these options with this output at masked steps: zero, or the output before}
   *
   * @param zero whether it is zero
   */
  public RecurrentOptions withZeroOutputForMask(boolean zero) {
    return walking(walk.withZeroOutputForMask(zero));
  }

  /** {@return these options without a bias} */
  public RecurrentOptions withoutBias() {
    return new RecurrentOptions(walk, false, dropout, recurrentDropout, rules);
  }

  /**
   * {@return these options with other rates of {@link Recurrent what is dropped in training}}
   *
   * @param ofInputs the share of inputs that is dropped: at least 0, below 1
   * @param ofStates the share of states that is dropped: at least 0, below 1
   */
  public RecurrentOptions withDropout(double ofInputs, double ofStates) {
    return new RecurrentOptions(walk, useBias, ofInputs, ofStates, rules);
  }

  @Override
  public RecurrentOptions withRules(ParameterRules others) {
    return new RecurrentOptions(walk, useBias, dropout, recurrentDropout, others);
  }

  /**
   * Returns a layer's arrays in Keras's order.
   *
   * @param biasRule what holds for the bias
   */
  List<ParameterSpec> arrays(
      Shape kernel, Shape recurrentKernel, Shape bias, ParameterRule biasRule) {
    ParameterSpec inputs = rules.kernel().array("kernel", kernel);
    ParameterSpec states = rules.recurrent().array("recurrent_kernel", recurrentKernel);
    return useBias
        ? List.of(inputs, states, biasRule.array("bias", bias))
        : List.of(inputs, states);
  }
}
