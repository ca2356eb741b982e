package dev.lanewise.engine.layer;

/**
 * A layer, or its options, with rules for its parameters, one kind of which can take the place of
 * another.
 *
 * @param <L> what it is itself
 */
public interface Ruled<L> {
  /** {@return how parameters begin, what their sizes cost and what they keep} */
  ParameterRules rules();

  /**
   * {@return this with other rules for its parameters}
   *
   * @param others those that take their place
   */
  L withRules(ParameterRules others);

  /**
   * {@return this with other start values}
   *
   * @param others those that take their place
   */
  default L withInitializers(Initializers others) {
    return withRules(rules().withInitializers(others));
  }

  /**
   * {@return this with other penalties}
   *
   * @param others those that take their place
   */
  default L withRegularizers(Regularizers others) {
    return withRules(rules().withRegularizers(others));
  }

  /**
   * {@return this with other rules that its parameters keep}
   *
   * @param others those that take their place
   */
  default L withConstraints(Constraints others) {
    return withRules(rules().withConstraints(others));
  }
}
