package dev.lanewise.bench.longrange;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;

/**
 * The copy memory task: ten symbols of 1 to 8, zeros for 1,000 steps less one, a nine, and nines
 * while the symbols are to be said again; zeros are to be said before. Who knows when, but not
 * which, has a loss of 10 ln 8 / 1,020 = 0.0204.
 */
final class CopyMemory {
  private static final int SYMBOLS = 10;
  private static final int KINDS = 8;
  private static final int MARK = 9;
  private static final int CLASSES = 10;
  private static final int DELAY = 1_000;
  private static final int STEPS = DELAY + 2 * SYMBOLS;

  private CopyMemory() {}

  /** Returns samples [1020, 1] of that seed, with a class for each step. */
  static Dataset samples(int count, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] inputs = new float[count * STEPS];
    int[] labels = new int[count * STEPS];
    for (int i = 0; i < count; i++) {
      int from = i * STEPS;
      for (int s = 0; s < SYMBOLS; s++) {
        int symbol = 1 + random.nextInt(KINDS);
        inputs[from + s] = symbol;
        labels[from + STEPS - SYMBOLS + s] = symbol;
      }
      for (int step = STEPS - SYMBOLS - 1; step < STEPS; step++) {
        inputs[from + step] = MARK;
      }
    }
    return Dataset.of(Shape.of(STEPS, 1), inputs, labels, CLASSES);
  }
}
