package dev.lanewise.spark;

import dev.lanewise.engine.data.Targets;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** An output's targets on their way to the executors. */
final class PackedTargets implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int samples;
  private final int width;
  private final int classes;
  private final int @Nullable [] labels;
  private final float @Nullable [] values;
  private final float @Nullable [] weights;

  /** Packs those of samples {@code first} to {@code first + count - 1}. */
  PackedTargets(Targets targets, int first, int count) {
    samples = count;
    width = targets.width();
    classes = targets.classes();
    labels = targets.areLabels() ? new int[Math.multiplyExact(count, width)] : null;
    values = targets.areLabels() ? null : new float[Math.multiplyExact(count, width)];
    int steps = targets.weightsOfSample();
    weights = targets.areWeighted() ? new float[Math.multiplyExact(count, steps)] : null;
    for (int i = 0; i < count; i++) {
      for (int j = 0; labels != null && j < width; j++) {
        labels[i * width + j] = targets.label(first + i, j);
      }
      for (int j = 0; values != null && j < width; j++) {
        values[i * width + j] = targets.value(first + i, j);
      }
      for (int j = 0; weights != null && j < steps; j++) {
        weights[i * steps + j] = targets.weight(first + i, j);
      }
    }
  }

  Targets open() {
    Targets targets =
        values == null
            ? Targets.ofLabels(labels == null ? new int[0] : labels, samples, classes)
            : Targets.of(values, samples, width);
    return weights == null ? targets : targets.withWeights(weights);
  }

  void addTo(Sha256 digest) {
    digest.add(classes + " classes");
    if (labels != null) {
      digest.add(labels);
    }
    if (values != null) {
      digest.add(values);
    }
    if (weights != null) {
      digest.add(weights);
    }
  }
}
