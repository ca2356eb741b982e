package dev.lanewise.engine.backend.cpu.batch;

import dev.lanewise.engine.data.Dataset;

/**
 * Counts the steps of a sample that nothing need be computed for, told by its inputs alone: samples
 * that have about as many are worked on together.
 */
public interface IdleSteps {
  /** Returns the most that a sample can have. */
  int most();

  /** Returns whether they are a sample's first steps, blank ones that a layer passes over. */
  default boolean areLeads() {
    return false;
  }

  /** Returns those of a sample of bytes, within a part of its steps. */
  int of(byte[] values, int sample, StepWindow window);

  /** Returns those of a sample of floats, within a part of its steps. */
  int of(float[] values, int sample, StepWindow window);

  /** Returns those of a sample of a data set, within a part of its steps. */
  default int of(Dataset data, int sample, StepWindow window) {
    int place = data.firstSample() + sample;
    return data.hasBytes()
        ? of(data.byteFeatures(), place, window)
        : of(data.floatFeatures(), place, window);
  }

  /** Returns those of each sample of a data set. */
  default int[] ofAll(Dataset data) {
    int[] counts = new int[data.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = of(data, i, StepWindow.WHOLE);
    }
    return counts;
  }
}
