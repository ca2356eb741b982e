package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A share that a layer drops. What is dropped is a hash of seed, layer, update, the row's place in
 * the batch, a number that tells the layer's draws apart, and the element: it has no state, is the
 * same for any number of threads, and is found again on the way back.
 *
 * @param layer tells the layer's draws from others'
 * @param threshold the share, in 2^-24
 * @param scale what is kept is multiplied by it
 */
public record DropRate(int layer, int threshold, float scale) {
  private static final double BITS = 0x1p24;

  /** Returns it for a rate in [0, 1). */
  static DropRate of(int layer, double rate) {
    return new DropRate(layer, (int) Math.round(rate * BITS), (float) (1 / (1 - rate)));
  }

  /** Sets the rows of a pass of y to those of x with elements dropped. */
  public void drop(CheckedKernels kernels, Pass pass, long draw, Matrix x, Matrix y) {
    for (int r = 0; r < pass.rows(); r++) {
      dropRow(kernels, pass, r, draw, r, x, y);
    }
  }

  /** Sets a row of y to that of x with elements dropped, as drawn for a row of the pass. */
  void dropRow(
      CheckedKernels kernels, Pass pass, int ofPass, long draw, int row, Matrix x, Matrix y) {
    int key = (int) SplitMix64.combine(pass.key(layer, ofPass), draw);
    kernels.elements().dropout(row, key, threshold, scale, x, y);
  }
}
