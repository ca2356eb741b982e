package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Samples with their targets: features as bytes (scaled to [0, 1]) or floats, targets as class
 * indices or floats. Immutable; {@link #slice} shares the arrays.
 *
 * <p>It lives on the heap on purpose: a data set is the user's, has no owner to close it, and is
 * touched once an epoch; a plan gathers it into its own memory.
 */
public final class Dataset {
  private final Shape sampleShape;
  private final byte @Nullable [] bytes;
  private final float @Nullable [] floats;
  private final int @Nullable [] labels;
  private final float @Nullable [] targets;
  private final int targetWidth;
  private final int classes;
  private final int first;
  private final int size;

  private Dataset(
      Shape sampleShape,
      byte @Nullable [] bytes,
      float @Nullable [] floats,
      int @Nullable [] labels,
      float @Nullable [] targets,
      int targetWidth,
      int classes,
      int first,
      int size) {
    this.sampleShape = sampleShape;
    this.bytes = bytes;
    this.floats = floats;
    this.labels = labels;
    this.targets = targets;
    this.targetWidth = targetWidth;
    this.classes = classes;
    this.first = first;
    this.size = size;
  }

  /**
   * Returns images, or other bytes, with class labels; a feature's value is byte / 255 in float32.
   *
   * @param sampleShape the shape of one sample, [features] or [steps, features]
   * @param features row-major samples, unsigned
   * @param labels one class index a sample (or a step, for models with sequence output)
   * @param classes the number of classes
   * @throws IllegalArgumentException if counts disagree or a label is outside [0, classes)
   */
  public static Dataset ofBytes(Shape sampleShape, byte[] features, int[] labels, int classes) {
    int size = sampleCount(sampleShape, features.length);
    int perSample = requireLabels(labels, size, classes);
    return new Dataset(sampleShape, features, null, labels, null, perSample, classes, 0, size);
  }

  /**
   * Returns float samples with class labels.
   *
   * @throws IllegalArgumentException if counts disagree, a feature is not finite, or a label is
   *     outside [0, classes)
   */
  public static Dataset of(Shape sampleShape, float[] features, int[] labels, int classes) {
    int size = sampleCount(sampleShape, features.length);
    requireFinite("feature", features, features.length / size);
    int perSample = requireLabels(labels, size, classes);
    return new Dataset(sampleShape, null, features, labels, null, perSample, classes, 0, size);
  }

  /**
   * Returns float samples with float targets: values to regress, or one-hot or soft classes.
   *
   * @param targets row-major, {@code targetWidth} values a sample
   * @throws IllegalArgumentException if counts disagree or a value is not finite
   */
  public static Dataset of(Shape sampleShape, float[] features, float[] targets, int targetWidth) {
    int size = sampleCount(sampleShape, features.length);
    requireFinite("feature", features, features.length / size);
    if (targetWidth < 1 || (long) size * targetWidth != targets.length) {
      throw new IllegalArgumentException(
          "data: x has "
              + size
              + " samples, so y needs "
              + size
              + " x "
              + targetWidth
              + " values, found "
              + targets.length);
    }
    requireFinite("target", targets, targetWidth);
    return new Dataset(sampleShape, null, features, null, targets, targetWidth, 0, 0, size);
  }

  /** Returns the number of samples. */
  public int size() {
    return size;
  }

  /** Returns the shape of one sample. */
  public Shape sampleShape() {
    return sampleShape;
  }

  /** Returns whether targets are class indices. */
  public boolean hasLabels() {
    return labels != null;
  }

  /** Returns the number of classes, 0 if targets are floats. */
  public int classes() {
    return classes;
  }

  /** Returns the targets of one sample: values, or labels (1, or one a step). */
  public int targetWidth() {
    return targetWidth;
  }

  /** Returns whether features are bytes. */
  public boolean hasBytes() {
    return bytes != null;
  }

  /**
   * Returns whether a model with this input can take the samples: they have its shape, or are plain
   * rows of as many values.
   */
  public boolean fits(Shape input) {
    return sampleShape.equals(input)
        || (sampleShape.rank() == 1 && sampleShape.elementCount() == input.elementCount());
  }

  /**
   * Returns the samples in the shape of a model's input, without copying.
   *
   * @throws IllegalArgumentException if they do not fit it
   */
  public Dataset shapedFor(Shape input) {
    if (!fits(input)) {
      throw new IllegalArgumentException(
          "data: samples are " + sampleShape + ", the model takes " + input);
    }
    return new Dataset(input, bytes, floats, labels, targets, targetWidth, classes, first, size);
  }

  /**
   * Returns the samples [from, to) without copying.
   *
   * @throws IndexOutOfBoundsException if the range is empty or outside
   */
  public Dataset slice(int from, int to) {
    if (from < 0 || to > size || from >= to) {
      throw new IndexOutOfBoundsException(
          "data: samples [" + from + ", " + to + ") of " + size + "; at least one is needed");
    }
    return new Dataset(
        sampleShape, bytes, floats, labels, targets, targetWidth, classes, first + from, to - from);
  }

  /**
   * Returns the array of byte features, shared and not to be changed.
   *
   * @throws IllegalStateException if features are floats
   */
  public byte[] byteFeatures() {
    if (bytes == null) {
      throw new IllegalStateException("data: features are floats, not bytes");
    }
    return bytes;
  }

  /**
   * Returns the array of float features, shared and not to be changed.
   *
   * @throws IllegalStateException if features are bytes
   */
  public float[] floatFeatures() {
    if (floats == null) {
      throw new IllegalStateException("data: features are bytes, not floats");
    }
    return floats;
  }

  /** Returns which of the array's samples is the first of this data set. */
  public int firstSample() {
    return first;
  }

  /**
   * Returns a label.
   *
   * @param sample the sample's index
   * @param index which of the sample's labels
   * @throws IllegalStateException if targets are floats
   */
  public int label(int sample, int index) {
    if (labels == null) {
      throw new IllegalStateException("data: targets are floats, not labels");
    }
    return labels[(first + sample) * targetWidth + index];
  }

  /**
   * Returns a float target.
   *
   * @param sample the sample's index
   * @param index which of the sample's values
   * @throws IllegalStateException if targets are labels
   */
  public float target(int sample, int index) {
    if (targets == null) {
      throw new IllegalStateException("data: targets are labels, not floats");
    }
    return targets[(first + sample) * targetWidth + index];
  }

  private static int sampleCount(Shape sampleShape, int features) {
    long each = sampleShape.elementCount();
    if (features == 0 || features % each != 0) {
      throw new IllegalArgumentException(
          "data: "
              + features
              + " features do not make whole samples of "
              + sampleShape
              + "; at least one sample is needed");
    }
    return Math.toIntExact(features / each);
  }

  private static int requireLabels(int[] labels, int size, int classes) {
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

  private static void requireFinite(String what, float[] values, int perSample) {
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

  @Override
  public String toString() {
    return size
        + " samples of "
        + sampleShape
        + (labels == null ? ", " + targetWidth + " targets each" : " in " + classes + " classes");
  }
}
