package dev.lanewise.cuda;

/**
 * The gradient of a layer's weights, kernel and bias at once: A' * dz, its long inner dimension
 * (positions times rows) cut into slices that many blocks take, then added up in their order.
 */
final class WeightGradient {
  /**
   * Blocks that keep a large device busy: six for each of an H100's 132 multiprocessors, so that
   * their warps hide each other's waits. Not the device's own: the same sums on every one.
   */
  private static final int BLOCKS = 792;

  private static final int SHORTEST_SLICE = 64;
  private static final int MOST_SLICES = 64;

  private final int features;
  private final int units;
  private final boolean biased;
  private final long gradient;
  private final long partial;

  WeightGradient(
      LayerMemory memory, String layer, int positions, int features, int units, boolean biased) {
    this.features = features;
    this.units = units;
    this.biased = biased;
    gradient = memory.gradient();
    int most = slices(Math.multiplyExact(positions, memory.maximumRows()));
    partial = memory.trainingFloats("gradients of " + layer, most, count());
  }

  private int count() {
    return (features + (biased ? 1 : 0)) * units;
  }

  private int slices(int inner) {
    int tiles = Math.ceilDiv(features + 1, 32) * Math.ceilDiv(units, 64);
    int wanted = Math.min(Math.ceilDiv(BLOCKS, tiles), MOST_SLICES);
    return Math.clamp(Math.ceilDiv(inner, SHORTEST_SLICE), 1, wanted);
  }

  /**
   * Computes it.
   *
   * @param inputs [inner][features]
   * @param dz gradients by the sums, [inner][units]
   */
  void compute(KernelCalls calls, Signal inputs, long dz, int inner) {
    int slices = slices(inner);
    calls.gemmWeights(inputs, dz, partial, features, units, inner, biased, slices);
    calls.sumSlices(partial, gradient, count(), slices);
  }
}
