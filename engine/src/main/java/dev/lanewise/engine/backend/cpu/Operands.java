package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * What a step's sums are made of: {@code start + x * kernel + h * recurrentKernel}, of which a part
 * may be done already, or be zero. Products of zeros would be added first in their chain and change
 * nothing; leaving them out leaves the bits as they are.
 *
 * @param joined [x | h] side by side, one operand of one product, or else
 * @param inputs x alone, and
 * @param state h alone, each absent where its part is zero or lies in {@code start}
 * @param start what the chain begins with: a row that is repeated, or the place of the sums itself
 */
record Operands(
    @Nullable Matrix joined, @Nullable Matrix inputs, @Nullable Matrix state, Matrix start) {
  static Operands ofBoth(Matrix joined, Matrix start) {
    return new Operands(joined, null, null, start);
  }

  static Operands ofInputs(Matrix inputs, Matrix start) {
    return new Operands(null, inputs, null, start);
  }

  static Operands ofState(Matrix state, Matrix start) {
    return new Operands(null, null, state, start);
  }

  static Operands ofNothing(Matrix start) {
    return new Operands(null, null, null, start);
  }
}
