package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Murmur;
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
 * @param ofRows whether rows are dropped whole, by the draw of their first element
 */
public record DropRate(int layer, int threshold, float scale, boolean ofRows) {
  private static final int ALL = 1 << (Integer.SIZE - Murmur.UNUSED_BITS);

  /** Returns it for a rate in [0, 1). */
  static DropRate of(int layer, double rate) {
    return new DropRate(layer, (int) Math.round(rate * ALL), (float) (1 / (1 - rate)), false);
  }

  /** Returns the rate of rows that are dropped whole. */
  public DropRate wholeRows() {
    return new DropRate(layer, threshold, scale, true);
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
    int dropped = threshold;
    if (ofRows) {
      dropped = Murmur.mix(key) >>> Murmur.UNUSED_BITS < threshold ? ALL : 0;
    }
    kernels.elements().dropout(row, key, dropped, scale, x, y);
  }
}
