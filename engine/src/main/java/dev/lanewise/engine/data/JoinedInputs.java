package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** Arrays of several inputs made one, in which a sample's inputs lie one after the other. */
public final class JoinedInputs {
  private JoinedInputs() {}

  /**
   * {@return the values of samples whose inputs lie in arrays of their own}
   *
   * @param inputs the shape of each input of a sample
   * @param arrays row-major samples, an array an input
   * @throws IllegalArgumentException if there are not as many arrays as inputs, or they have not as
   *     many whole samples as one another
   */
  public static float[] of(List<Shape> inputs, List<float[]> arrays) {
    if (inputs.size() != arrays.size()) {
      throw new IllegalArgumentException(
          "data: a sample has " + inputs.size() + " inputs, found arrays of " + arrays.size());
    }
    int samples = DataChecks.sampleCount(inputs.subList(0, 1), arrays.getFirst().length);
    int each = 0;
    for (int i = 0; i < arrays.size(); i++) {
      int found = DataChecks.sampleCount(inputs.subList(i, i + 1), arrays.get(i).length);
      if (found != samples) {
        throw new IllegalArgumentException(
            "data: input 0 has " + samples + " samples, input " + i + " has " + found);
      }
      each = Math.addExact(each, Math.toIntExact(inputs.get(i).elementCount()));
    }
    float[] joined = new float[Math.multiplyExact(samples, each)];
    int from = 0;
    for (int i = 0; i < arrays.size(); i++) {
      int size = Math.toIntExact(inputs.get(i).elementCount());
      for (int n = 0; n < samples; n++) {
        System.arraycopy(arrays.get(i), n * size, joined, n * each + from, size);
      }
      from += size;
    }
    return joined;
  }
}
