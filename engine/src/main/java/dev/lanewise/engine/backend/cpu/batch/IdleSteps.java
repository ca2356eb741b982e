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

  /** Returns those of a sample of bytes. */
  int of(byte[] values, int sample);

  /** Returns those of a sample of floats. */
  int of(float[] values, int sample);

  /** Returns those of a sample of a data set. */
  default int of(Dataset data, int sample) {
    int place = data.firstSample() + sample;
    return data.hasBytes() ? of(data.byteFeatures(), place) : of(data.floatFeatures(), place);
  }

  /** Returns those of each sample of a data set. */
  default int[] ofAll(Dataset data) {
    int[] counts = new int[data.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = of(data, i);
    }
    return counts;
  }
}
