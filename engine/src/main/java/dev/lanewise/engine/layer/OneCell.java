package dev.lanewise.engine.layer;

/**
 * A {@link CellLayer} whose options can be others.
 *
 * @param <L> what it is itself
 */
public interface OneCell<L extends CellLayer> extends Walking<L>, Ruled<L> {
  @Override
  default ParameterRules rules() {
    return options().rules();
  }

  @Override
  default L withRules(ParameterRules others) {
    return with(options().withRules(others));
  }

  /** {@return this layer without its bias} */
  default L withoutBias() {
    return with(options().withoutBias());
  }

  /**
   * {@return this layer with other rates of {@link Recurrent what is dropped in training}}
   *
   * @param dropout the share of the inputs, in [0, 1)
   * @param recurrentDropout the share of the state, in [0, 1)
   */
  default L withDropout(double dropout, double recurrentDropout) {
    return with(options().withDropout(dropout, recurrentDropout));
  }
}
