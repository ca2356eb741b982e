package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The products of one walk over time with a recurrent layer's weights: those of its cell, on strips
 * of rows, and those behind it on the way back.
 */
interface StepProducts {
  /** Lets steps have so many rows, at most the context's. */
  void layOut(int rows);

  /** Learns which rows go through next, and what for. */
  default void begin(Pass pass) {}

  /** Returns the operands of the inner sums of each step; absent where there are none. */
  @Nullable Steps inner();

  /** Computes the sums of step {@code t}, but the inner ones, on some rows. */
  void sum(int t, int first, int count, Operands of, GateSums sums);

  /**
   * Computes the inner sums of step {@code t} on some rows; what is made of the state is the state
   * here.
   */
  void sumInner(int t, int first, int count, Operands of, Matrix sums);

  /**
   * Computes dh = start + dz * recurrentKernel' on some rows, the gradient by the state before the
   * step of dz, but for what goes through inner sums.
   */
  void stateGradient(int first, int count, Matrix dz, Matrix start, Matrix dh);

  /**
   * Computes dh = dz * recurrentKernel' on some rows, the gradient by what inner sums have in place
   * of the state.
   *
   * @param dz the gradient by the inner sums alone
   */
  void innerGradient(int first, int count, Matrix dz, Matrix dh);

  /** Computes dx = start + dz * kernel' on some rows, the gradient by the inputs. */
  void inputGradient(int first, int count, Matrix dz, Matrix start, Matrix dx);

  /** Returns all that columns of the weights were multiplied by; each column is in one of them. */
  List<Factor> factors();
}
