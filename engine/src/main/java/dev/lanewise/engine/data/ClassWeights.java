package dev.lanewise.engine.data;

import java.util.Map;

/** By how much the samples of each class count, turned into weights of samples. */
final class ClassWeights {
  private ClassWeights() {}

  /**
   * Returns a weight a sample by Keras's rule: that of its label, of the first largest of several
   * float targets, or of a single one, rounded; 1 where the class is not named.
   *
   * @throws IllegalArgumentException if samples have several labels
   */
  static float[] of(Map<Integer, Double> weights, Dataset data) {
    if (data.hasLabels() && data.targetWidth() != 1) {
      throw new IllegalArgumentException(
          "class weights: a sample has "
              + data.targetWidth()
              + " labels; give sample weights, one a step");
    }
    float[] each = new float[data.size()];
    for (int i = 0; i < each.length; i++) {
      each[i] = weights.getOrDefault(classOf(data, i), 1.0).floatValue();
    }
    return each;
  }

  private static int classOf(Dataset data, int sample) {
    if (data.hasLabels()) {
      return data.label(sample, 0);
    }
    if (data.targetWidth() == 1) {
      return (int) Math.rint(data.target(sample, 0));
    }
    int best = 0;
    for (int i = 1; i < data.targetWidth(); i++) {
      best = data.target(sample, i) > data.target(sample, best) ? i : best;
    }
    return best;
  }
}
