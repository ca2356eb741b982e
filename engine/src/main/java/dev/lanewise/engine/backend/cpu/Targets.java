package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;

/** Holds a data set against the model that it is for, and reads labels as one-hot targets. */
final class Targets {
  private Targets() {}

  /** Refuses a data set whose samples are not the model's input. */
  static void requireInputs(ModelSpec spec, Dataset data) {
    if (!data.sampleShape().equals(spec.input())) {
      throw new IllegalArgumentException(
          "data: a sample is " + data.sampleShape() + ", the model expects " + spec.input());
    }
  }

  /** Refuses a data set whose targets are not of the model's output. */
  static void requireTargets(ModelSpec spec, Dataset data) {
    requireInputs(spec, data);
    Shape output = spec.output();
    int units = output.size(-1);
    int positions = output.rank() == 1 ? 1 : output.size(0);
    if (data.hasLabels()) {
      if (data.classes() > units || data.targetWidth() != positions) {
        throw new IllegalArgumentException(
            "data: "
                + data.targetWidth()
                + " labels a sample of "
                + data.classes()
                + " classes do not fit the model's output "
                + output);
      }
    } else if (spec.loss() == Loss.SPARSE_CATEGORICAL_CROSSENTROPY) {
      throw new IllegalArgumentException(
          "data: sparse categorical crossentropy needs class indices, found float targets");
    } else if (data.targetWidth() != output.elementCount()) {
      throw new IllegalArgumentException(
          "data: "
              + data.targetWidth()
              + " targets a sample do not fit the model's output "
              + output);
    }
  }

  /** Returns the target of one output, labels taken as one-hot. */
  static float of(Dataset data, int sample, int position, int units, int unit) {
    if (data.hasLabels()) {
      return data.label(sample, position) == unit ? 1 : 0;
    }
    return data.target(sample, position * units + unit);
  }

  /** Returns the class of one position: the label, or the first largest of float targets. */
  static int classOf(Dataset data, int sample, int position, int units) {
    if (data.hasLabels()) {
      return data.label(sample, position);
    }
    int best = 0;
    for (int unit = 1; unit < units; unit++) {
      if (data.target(sample, position * units + unit)
          > data.target(sample, position * units + best)) {
        best = unit;
      }
    }
    return best;
  }
}
