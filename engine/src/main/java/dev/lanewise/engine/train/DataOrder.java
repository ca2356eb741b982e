package dev.lanewise.engine.train;

import dev.lanewise.engine.random.SplitMix64;

/**
 * The order of samples, a function of seed and epoch alone, so that a run can be taken up again at
 * any epoch: Fisher and Yates's shuffle of 0 .. n - 1 with the epoch's own stream.
 */
final class DataOrder {
  private static final long PURPOSE = 2;

  private final int[] order;
  private final boolean shuffle;
  private final long seed;

  DataOrder(int size, boolean shuffle, long seed) {
    order = new int[size];
    this.shuffle = shuffle;
    this.seed = seed;
  }

  /** Returns the order of an epoch; the array is reused by the next call. */
  int[] ofEpoch(int epoch) {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    if (shuffle) {
      SplitMix64 random = SplitMix64.stream(seed, PURPOSE, epoch);
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }
    return order;
  }
}
