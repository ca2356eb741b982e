package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.tensor.Matrix;

/** Where a recurrent layer's gates, or their gradients, lie: by step and block of columns. */
@FunctionalInterface
interface StepBlocks {
  /** Returns {@code count} neighbouring blocks of step {@code t}, [rows, their columns]. */
  Matrix at(int t, int block, int count);
}
