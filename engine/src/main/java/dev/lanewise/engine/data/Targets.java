package dev.lanewise.engine.data;

import org.jspecify.annotations.Nullable;

/**
 * What samples are to answer at one of a model's outputs: class indices or floats, with weights if
 * some count more than others. Samples are counted as the arrays have them, those that a slice of a
 * data set leaves out among them.
 */
public final class Targets {
  private final int @Nullable [] labels;
  private final float @Nullable [] values;
  private final int width;
  private final int classes;
  private final int samples;
  private final @Nullable SampleWeights weights;

  private Targets(
      int @Nullable [] labels,
      float @Nullable [] values,
      int width,
      int classes,
      int samples,
      @Nullable SampleWeights weights) {
    this.labels = labels;
    this.values = values;
    this.width = width;
    this.classes = classes;
    this.samples = samples;
    this.weights = weights;
  }

  /**
   * {@return class labels}
   *
   * @param labels one class index a sample (or a step, where the output is a sequence)
   * @param samples how many samples they are of
   * @param classes the number of classes
   * @throws IllegalArgumentException if counts disagree or a label is outside [0, classes)
   */
  public static Targets ofLabels(int[] labels, int samples, int classes) {
    int width = DataChecks.labelsOfSample(labels, samples, classes);
    return new Targets(labels, null, width, classes, samples, null);
  }

  /**
   * {@return floats: values to regress, or one-hot or soft classes}
   *
   * @param values row-major
   * @param samples how many samples they are of
   * @param width values a sample
   * @throws IllegalArgumentException if counts disagree or a value is not finite
   */
  public static Targets of(float[] values, int samples, int width) {
    if (width < 1 || (long) samples * width != values.length) {
      throw new IllegalArgumentException(
          "data: x has "
              + samples
              + " samples, so y needs "
              + samples
              + " x "
              + width
              + " values, found "
              + values.length);
    }
    DataChecks.requireFinite("target", values, width);
    return new Targets(null, values, width, 0, samples, null);
  }

  /**
   * {@return the same with weights, by which losses are multiplied; the mean still divides by the
   * number of samples, or of steps}
   *
   * @param newWeights one a sample, or row-major one a step where the output is a sequence
   * @throws IllegalArgumentException if counts disagree or a weight is not finite
   */
  public Targets withWeights(float[] newWeights) {
    return withWeights(SampleWeights.of(newWeights, 0, samples));
  }

  Targets withWeights(SampleWeights newWeights) {
    return new Targets(labels, values, width, classes, samples, newWeights);
  }

  /** {@return how many samples there are} */
  public int samples() {
    return samples;
  }

  /** {@return whether they are class indices} */
  public boolean areLabels() {
    return labels != null;
  }

  /** {@return the number of classes, 0 if they are floats} */
  public int classes() {
    return classes;
  }

  /** {@return how many one sample has: values, or labels (1, or one a step)} */
  public int width() {
    return width;
  }

  /** {@return whether samples have weights} */
  public boolean areWeighted() {
    return weights != null;
  }

  /** {@return how many weights a sample has: 1, or one a step} */
  public int weightsOfSample() {
    return weights == null ? 1 : weights.width();
  }

  /**
   * {@return by how much a step of a sample counts, 1 where there are no weights}
   *
   * @param sample counted from the first of the arrays
   * @param step counted from 0
   */
  public float weight(int sample, int step) {
    return weights == null ? 1 : weights.at(sample, step);
  }

  /**
   * {@return a label}
   *
   * @param sample counted from the first of the arrays
   * @param index which of the sample's labels
   * @throws IllegalStateException if they are floats
   */
  public int label(int sample, int index) {
    if (labels == null) {
      throw new IllegalStateException("data: targets are floats, not labels");
    }
    return labels[sample * width + index];
  }

  /**
   * {@return a float target}
   *
   * @param sample counted from the first of the arrays
   * @param index which of the sample's values
   * @throws IllegalStateException if they are labels
   */
  public float value(int sample, int index) {
    if (values == null) {
      throw new IllegalStateException("data: targets are labels, not floats");
    }
    return values[sample * width + index];
  }

  @Override
  public String toString() {
    return labels == null ? width + " targets each" : "in " + classes + " classes";
  }
}
