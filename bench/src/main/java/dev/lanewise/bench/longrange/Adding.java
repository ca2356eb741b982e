package dev.lanewise.bench.longrange;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;

/**
 * The adding problem of Hochreiter and Schmidhuber, 1997: each step has a number from 0 to 1 and a
 * mark, which is 1 at one step of the first half and one of the second; the answer is the sum of
 * these two numbers. Always answering 1 has a mean squared error of 0.167.
 */
final class Adding {
  private static final int STEPS = 600;
  private static final int FEATURES = 2;

  private Adding() {}

  /** Returns samples [600, 2] of that seed. */
  static Dataset samples(int count, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] inputs = new float[count * STEPS * FEATURES];
    float[] sums = new float[count];
    for (int i = 0; i < count; i++) {
      int from = i * STEPS * FEATURES;
      for (int step = 0; step < STEPS; step++) {
        inputs[from + step * FEATURES] = (float) random.nextDouble();
      }
      for (int half = 0; half < 2; half++) {
        int step = half * STEPS / 2 + random.nextInt(STEPS / 2);
        inputs[from + step * FEATURES + 1] = 1;
        sums[i] += inputs[from + step * FEATURES];
      }
    }
    return Dataset.of(Shape.of(STEPS, FEATURES), inputs, sums, 1);
  }
}
