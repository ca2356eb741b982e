package dev.lanewise.engine.metric;

import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Measures that Keras has of outputs [units] alone, each sample being one row. */
final class SingleRows {
  private SingleRows() {}

  /** Returns why such a measure is not of an output, or null if it is. */
  static @Nullable String fault(String name, Shape output) {
    return output.rank() == 1
        ? null
        : name + " is of outputs [units], one row a sample, found " + output + "; leave it out";
  }
}
