package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Answers in which a sample's outputs lie one after the other, made an array an output. */
public final class SplitOutputs {
  private SplitOutputs() {}

  /**
   * {@return the values of each output, row-major samples}
   *
   * @param outputs the shape of each output of a sample
   * @param joined whole samples
   * @throws IllegalArgumentException if the values are not whole samples, at least one
   */
  public static List<float[]> of(List<Shape> outputs, float[] joined) {
    int each = Math.toIntExact(outputs.stream().mapToLong(Shape::elementCount).sum());
    int samples = joined.length / each;
    if (samples == 0 || joined.length % each != 0) {
      throw new IllegalArgumentException(
          "outputs: the answer to a sample has " + each + " values, found " + joined.length);
    }
    List<float[]> arrays = new ArrayList<>();
    int from = 0;
    for (Shape output : outputs) {
      int size = Math.toIntExact(output.elementCount());
      float[] own = new float[samples * size];
      for (int n = 0; n < samples; n++) {
        System.arraycopy(joined, n * each + from, own, n * size, size);
      }
      arrays.add(own);
      from += size;
    }
    return arrays;
  }
}
