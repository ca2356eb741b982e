package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** The products with a layer's weights that its cell asks for, on strips of rows. */
interface CellProducts {
  /** Computes the sums of step {@code t}, but the inner ones, on some rows. */
  void sum(int t, int first, int count, Operands of, GateSums sums);

  /**
   * Computes dh = start + dz * recurrentKernel' on some rows, the gradient by the state before the
   * step of dz, but for what goes through inner sums.
   */
  void stateGradient(int first, int count, Matrix dz, Matrix start, Matrix dh);

  /** Learns where the cell has gradients by the state that come through sums; on the way back. */
  default void gradientsIn(Matrix dh) {}

  /** Returns the operands of the inner sums of each step; absent where there are none. */
  default @Nullable Steps inner() {
    return null;
  }

  /**
   * Computes the inner sums of step {@code t} on some rows; what is made of the state is the state
   * here.
   */
  default void sumInner(int t, int first, int count, Operands of, Matrix sums) {
    throw new IllegalStateException("a cell without inner sums asks for them");
  }

  /**
   * Computes dh = dz * recurrentKernel' on some rows, the gradient by what inner sums have in place
   * of the state.
   *
   * @param dz the gradient by the inner sums alone
   */
  default void innerGradient(int first, int count, Matrix dz, Matrix dh) {
    throw new IllegalStateException("a cell without inner sums asks for their gradient");
  }
}
