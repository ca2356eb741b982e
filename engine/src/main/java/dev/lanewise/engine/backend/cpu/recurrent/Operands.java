package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * What a step's sums are made of: {@code bias + x * kernel + h * recurrentKernel}, of which a part
 * may be done already, or be zero. Products of zeros would be added first in their chain and change
 * nothing; leaving them out leaves the bits as they are.
 *
 * @param joined [x | h] side by side, one operand of one product, where both are there
 * @param inputs x, absent where it is zero or its part is done
 * @param state h, absent where it is zero
 * @param begun whether the sums hold the inputs' part already, or else begin with the bias
 */
record Operands(
    @Nullable Matrix joined, @Nullable Matrix inputs, @Nullable Matrix state, boolean begun) {
  /**
   * Returns inputs and state of step {@code t}, before the first of which the state may be zero.
   */
  static Operands of(Steps steps, int t) {
    return steps.hasState(t)
        ? new Operands(steps.joined(t), steps.x(t), steps.h(t), false)
        : ofInputs(steps.x(t));
  }

  /** Returns inputs, and a state of zero. */
  static Operands ofInputs(Matrix inputs) {
    return new Operands(null, inputs, null, false);
  }

  /** Returns a state, and inputs of zero, or whose part the sums hold already if {@code begun}. */
  static Operands ofState(Matrix state, boolean begun) {
    return new Operands(null, null, state, begun);
  }

  /** Returns nothing but the bias, or the inputs' part that the sums hold already. */
  static Operands ofNothing(boolean begun) {
    return new Operands(null, null, null, begun);
  }
}
