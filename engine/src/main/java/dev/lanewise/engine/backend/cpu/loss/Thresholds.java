package dev.lanewise.engine.backend.cpu.loss;

/**
 * Thresholds that divide [0, 1] evenly, and what is between them. An output at a threshold belongs
 * below it; Keras, too, divides in float32.
 *
 * @param count how many
 * @param below whether what is above none of them is kept apart, as the first; otherwise it is with
 *     what is above the lowest alone, as if that were below 0
 */
record Thresholds(int count, boolean below) {
  int buckets() {
    return below ? count + 1 : count;
  }

  int bucketOf(double output) {
    int above = thresholdsBelow((float) output);
    return below ? above : Math.max(0, above - 1);
  }

  /** A single threshold is a half. */
  private int thresholdsBelow(float output) {
    if (count == 1) {
      return output > 0.5f ? 1 : 0;
    }
    return (int) Math.ceil(Math.clamp(output, 0, 1) * (count - 1));
  }
}
