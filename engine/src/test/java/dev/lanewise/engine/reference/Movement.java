package dev.lanewise.engine.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * How far a model's answers go when what it is given is rounded otherwise: what no float32
 * arithmetic can be asked to beat. Each weight and input goes by float32's unit roundoff, up or
 * down; a product summed in float32 is the exact one of factors that are as far away.
 */
final class Movement {
  private static final int RUNS = 5;
  private static final double UNIT_ROUNDOFF = 0x1p-24;

  private Movement() {}

  /**
   * Returns the largest way that an element of each array went.
   *
   * @param arrays computes arrays of weights and inputs
   */
  static double[] of(
      BiFunction<List<double[]>, double[], List<double[]>> arrays,
      List<double[]> weights,
      double[] x) {
    List<double[]> still = arrays.apply(weights, x);
    double[] farthest = new double[still.size()];
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(run);
      List<double[]> rounded = new ArrayList<>(weights);
      rounded.replaceAll(values -> rounded(values, random));
      List<double[]> moved = arrays.apply(rounded, rounded(x, random));
      for (int i = 0; i < farthest.length; i++) {
        farthest[i] = Math.max(farthest[i], distance(moved.get(i), still.get(i)));
      }
    }
    return farthest;
  }

  private static double[] rounded(double[] values, Random random) {
    return Arrays.stream(values)
        .map(value -> value * (1 + (random.nextBoolean() ? UNIT_ROUNDOFF : -UNIT_ROUNDOFF)))
        .toArray();
  }

  /** Returns the largest difference of two elements at one place. */
  static double distance(double[] a, double[] b) {
    double farthest = 0;
    for (int i = 0; i < a.length; i++) {
      farthest = Math.max(farthest, Math.abs(a[i] - b[i]));
    }
    return farthest;
  }
}
