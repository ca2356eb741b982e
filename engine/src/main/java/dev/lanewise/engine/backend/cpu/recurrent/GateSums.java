package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The places of a step's sums, by what they are sums of; see {@link GateLayout}.
 *
 * @param inputOnly of inputs, absent where there are none
 * @param both of inputs and states
 * @param stateOnly of states, absent where there are none
 * @param inner of inputs and something made of the state, absent where there are none
 */
record GateSums(
    @Nullable Matrix inputOnly, Matrix both, @Nullable Matrix stateOnly, @Nullable Matrix inner) {
  /** Returns the sums of a layer of one gate. */
  static GateSums of(Matrix both) {
    return new GateSums(null, both, null, null);
  }

  /** Returns the sums of step {@code t}. */
  static GateSums at(StepBlocks steps, GateLayout gates, int t) {
    int state = gates.inputOnly() + gates.both();
    int inner = state + gates.stateOnly();
    return new GateSums(
        gates.inputOnly() == 0 ? null : steps.at(t, 0, gates.inputOnly()),
        steps.at(t, gates.inputOnly(), gates.both()),
        gates.stateOnly() == 0 ? null : steps.at(t, state, gates.stateOnly()),
        gates.inner() == 0 ? null : steps.at(t, inner, gates.inner()));
  }
}
