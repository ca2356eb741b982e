package dev.lanewise.engine.data;

/**
 * By how much samples count in the loss, and in the metrics that ask for it.
 *
 * @param values row-major, {@code width} a sample
 * @param width weights a sample: 1, or one a step
 * @param from the sample that the first are of
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record SampleWeights(float[] values, int width, int from) {
  /**
   * Takes weights.
   *
   * @throws IllegalArgumentException if they are not as many for each sample, or one is not finite
   */
  static SampleWeights of(float[] values, int from, int samples) {
    if (values.length == 0 || values.length % samples != 0) {
      throw new IllegalArgumentException(
          "data: x has "
              + samples
              + " samples, so there must be as many weights, or one a step, found "
              + values.length);
    }
    int width = values.length / samples;
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "data: weight " + i % width + " of sample " + i / width + " is " + values[i]);
      }
    }
    return new SampleWeights(values, width, from);
  }

  /** Returns the weight of a sample, or of one of its steps. */
  float at(int sample, int step) {
    return values[(sample - from) * width + (width == 1 ? 0 : step)];
  }
}
