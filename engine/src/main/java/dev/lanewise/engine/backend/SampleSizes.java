package dev.lanewise.engine.backend;

/**
 * The values of one sample.
 *
 * @param input values of an input
 * @param output values of an output
 */
public record SampleSizes(int input, int output) {
  /** Returns the sizes of a model's samples. */
  public static SampleSizes of(ModelSpec spec) {
    return new SampleSizes(
        Math.toIntExact(spec.input().elementCount()),
        Math.toIntExact(spec.output().elementCount()));
  }

  /**
   * Returns how many samples the arrays of a {@link Predictor#predict(float[], float[])} have.
   *
   * @throws IllegalArgumentException if the inputs are not whole samples, at least one, or the
   *     outputs do not have room for exactly theirs
   */
  public int wholeSamples(int inputs, int outputs) {
    int samples = inputs / input;
    if (samples == 0 || inputs % input != 0) {
      throw new IllegalArgumentException(
          "predict: a sample has " + input + " values, found " + inputs);
    }
    if (outputs != (long) samples * output) {
      throw new IllegalArgumentException(
          "predict: outputs of "
              + samples
              + " samples have "
              + (long) samples * output
              + " values, found room for "
              + outputs);
    }
    return samples;
  }
}
