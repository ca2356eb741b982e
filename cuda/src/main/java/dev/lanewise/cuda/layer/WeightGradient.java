package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;

/**
 * The gradient of a layer's weights, kernels and biases, which all have rows of one width: products
 * A' * dz, each of the rows that it computes, their long inner dimension (positions times rows) cut
 * into slices that many blocks take, which are then added up in their order. Of weights that do not
 * learn nothing is computed.
 */
public final class WeightGradient {
  /**
   * Blocks that keep a large device busy: six for each of an H100's 132 multiprocessors, so that
   * their warps hide each other's waits. Not the device's own: the same sums on every one.
   */
  private static final int BLOCKS = 792;

  private static final int SHORTEST_SLICE = 64;
  private static final int MOST_SLICES = 64;

  private final int features;
  private final int width;
  private final int count;
  private final boolean learns;
  private final long gradient;
  private final long partial;

  /**
   * Takes room for the slices.
   *
   * @param features the rows of all kernels
   * @param width the columns of each
   * @param biases the rows behind them
   */
  public WeightGradient(
      LayerMemory memory, String layer, int positions, int features, int width, int biases) {
    this.features = features;
    this.width = width;
    count = Math.multiplyExact(features + biases, width);
    learns = memory.learns();
    gradient = memory.gradient();
    int most = slices(Math.multiplyExact(positions, memory.maximumRows()));
    partial =
        learns
            ? memory
                .arena()
                .allocate("gradients of " + layer, Math.multiplyExact((long) most, count))
            : 0;
  }

  private int slices(int inner) {
    int tiles = Math.ceilDiv(features + 1, 32) * Math.ceilDiv(width, 64);
    int wanted = Math.min(Math.ceilDiv(BLOCKS, tiles), MOST_SLICES);
    return Math.clamp(Math.ceilDiv(inner, SHORTEST_SLICE), 1, wanted);
  }

  /**
   * Computes a part.
   *
   * @param inputs [inner][rows]
   * @param rows the rows of the part
   * @param dz gradients by the sums, [inner][columns]
   * @param columns the columns of the part
   * @param at the value with which it begins
   * @param bias the row, of all, that is the sum of dz; 0 for none
   */
  public void product(
      KernelCalls calls,
      Signal inputs,
      int rows,
      Signal dz,
      int columns,
      int at,
      int bias,
      int inner) {
    if (!learns) {
      return;
    }
    boolean sums = bias > 0 && bias * width < count;
    calls.gemmWeights(
        inputs,
        dz,
        partial + (long) at * Float.BYTES,
        rows,
        columns,
        inner,
        sums ? bias - at / width : 0,
        width,
        count,
        slices(inner));
  }

  /** Adds up what all products have left. */
  public void sum(KernelCalls calls, int inner) {
    if (learns) {
      calls.sumSlices(partial, gradient, count, slices(inner));
    }
  }
}
