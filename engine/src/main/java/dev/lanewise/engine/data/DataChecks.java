package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Collectors;

/** What the arrays of a data set must be. */
final class DataChecks {
  private DataChecks() {}

  /** Returns how many whole samples the features make. */
  static int sampleCount(List<Shape> inputs, int features) {
    long each = inputs.stream().mapToLong(Shape::elementCount).sum();
    if (features == 0 || features % each != 0) {
      throw new IllegalArgumentException(
          "data: "
              + features
              + " features do not make whole samples of "
              + inputs.stream().map(Shape::toString).collect(Collectors.joining(" and "))
              + "; at least one sample is needed");
    }
    return Math.toIntExact(features / each);
  }

  /** Returns how many labels a sample has, all of them classes. */
  static int labelsOfSample(int[] labels, int size, int classes) {
    if (labels.length == 0 || labels.length % size != 0) {
      throw new IllegalArgumentException(
          "data: x has " + size + " samples, y has " + labels.length + "; counts must agree");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "data: label " + i + " is " + labels[i] + ", expected 0 to " + (classes - 1));
      }
    }
    return labels.length / size;
  }

  /** Refuses values that are NaN or infinite. */
  static void requireFinite(String what, float[] values, int perSample) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "data: "
                + what
                + " "
                + i % perSample
                + " of sample "
                + i / perSample
                + " is "
                + values[i]
                + "; clean the data first");
      }
    }
  }
}
