package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.tensor.Matrix;

/** What a cell with gates has to know of the weights that make its sums. */
interface GateWeights {
  /** Returns how the gates lie. */
  GateLayout gates();

  /** Returns the width of a gate. */
  default int units() {
    return gates().units();
  }

  /** Returns a row of zeros, as wide as a gate. */
  Matrix zeroUnits();

  /** Goes over rows in strips that suit the products forward. */
  void inStrips(CheckedKernels kernels, int first, int rows, Strip strip);

  /** Goes over rows in strips that suit the products backward. */
  void inStripsBack(CheckedKernels kernels, int first, int rows, Strip strip);
}
