package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * The products of one walk over time with a recurrent layer's weights: those of its cell, and those
 * behind it on the way back.
 */
interface StepProducts extends CellProducts {
  /** Lets steps have so many rows, at most the context's. */
  void layOut(int rows);

  /** Learns which rows go through next, and what for. */
  default void begin(Pass pass) {}

  /** Computes dx = start + dz * kernel' on some rows, the gradient by the inputs. */
  void inputGradient(int first, int count, Matrix dz, Matrix start, Matrix dx);

  /** Returns all that columns of the weights were multiplied by; each column is in one of them. */
  List<Factor> factors();
}
