package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Samples with their targets: features as bytes (scaled to [0, 1]) or floats, targets as class
 * indices or floats. Immutable; {@link #slice} shares the arrays.
 *
 * <p>It lives on the heap on purpose: a data set is the user's, has no owner to close it, and is
 * touched once an epoch; a plan gathers it into its own memory.
 */
public final class Dataset {
  private final List<Shape> inputs;
  private final byte @Nullable [] bytes;
  private final float @Nullable [] floats;
  private final int @Nullable [] labels;
  private final float @Nullable [] targets;
  private final int targetWidth;
  private final int classes;
  private final @Nullable SampleWeights weights;
  private final int first;
  private final int size;

  private Dataset(
      List<Shape> inputs,
      byte @Nullable [] bytes,
      float @Nullable [] floats,
      int @Nullable [] labels,
      float @Nullable [] targets,
      int targetWidth,
      int classes,
      @Nullable SampleWeights weights,
      int first,
      int size) {
    this.inputs = inputs;
    this.bytes = bytes;
    this.floats = floats;
    this.labels = labels;
    this.targets = targets;
    this.targetWidth = targetWidth;
    this.classes = classes;
    this.weights = weights;
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
    List<Shape> inputs = List.of(sampleShape);
    int size = DataChecks.sampleCount(inputs, features.length);
    return labelled(inputs, features, null, labels, classes, size);
  }

  /**
   * Returns float samples with class labels.
   *
   * @throws IllegalArgumentException if counts disagree, a feature is not finite, or a label is
   *     outside [0, classes)
   */
  public static Dataset of(Shape sampleShape, float[] features, int[] labels, int classes) {
    return of(List.of(sampleShape), features, labels, classes);
  }

  /**
   * Returns samples of several inputs with class labels.
   *
   * @param inputs the shape of each of a sample's inputs, in the model's order
   * @param features row-major, a sample's inputs one after the other; see {@link JoinedInputs}
   * @throws IllegalArgumentException if counts disagree, a feature is not finite, or a label is
   *     outside [0, classes)
   */
  public static Dataset of(List<Shape> inputs, float[] features, int[] labels, int classes) {
    int size = DataChecks.sampleCount(inputs, features.length);
    DataChecks.requireFinite("feature", features, features.length / size);
    return labelled(List.copyOf(inputs), null, features, labels, classes, size);
  }

  private static Dataset labelled(
      List<Shape> inputs,
      byte @Nullable [] bytes,
      float @Nullable [] floats,
      int[] labels,
      int classes,
      int size) {
    int perSample = DataChecks.labelsOfSample(labels, size, classes);
    return new Dataset(inputs, bytes, floats, labels, null, perSample, classes, null, 0, size);
  }

  /**
   * Returns float samples with float targets: values to regress, or one-hot or soft classes.
   *
   * @param targets row-major, {@code targetWidth} values a sample
   * @throws IllegalArgumentException if counts disagree or a value is not finite
   */
  public static Dataset of(Shape sampleShape, float[] features, float[] targets, int targetWidth) {
    return of(List.of(sampleShape), features, targets, targetWidth);
  }

  /**
   * Returns samples of several inputs with float targets.
   *
   * @param inputs the shape of each of a sample's inputs, in the model's order
   * @param features row-major, a sample's inputs one after the other; see {@link JoinedInputs}
   * @param targets row-major, {@code targetWidth} values a sample
   * @throws IllegalArgumentException if counts disagree or a value is not finite
   */
  public static Dataset of(List<Shape> inputs, float[] features, float[] targets, int targetWidth) {
    int size = DataChecks.sampleCount(inputs, features.length);
    DataChecks.requireFinite("feature", features, features.length / size);
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
    DataChecks.requireFinite("target", targets, targetWidth);
    List<Shape> shapes = List.copyOf(inputs);
    return new Dataset(shapes, null, features, null, targets, targetWidth, 0, null, 0, size);
  }

  /** Returns the number of samples. */
  public int size() {
    return size;
  }

  /**
   * Returns the shape of one sample.
   *
   * @throws IllegalStateException if it has several inputs
   */
  public Shape sampleShape() {
    if (inputs.size() != 1) {
      throw new IllegalStateException("data: a sample has several inputs: " + inputs);
    }
    return inputs.getFirst();
  }

  /** Returns the shapes of one sample's inputs. */
  public List<Shape> inputs() {
    return inputs;
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
    return fits(List.of(input));
  }

  /** Returns whether a model with these inputs can take the samples, as they are or as rows. */
  public boolean fits(List<Shape> others) {
    boolean plain = inputs.size() == 1 && inputs.getFirst().rank() == 1;
    long values = others.stream().mapToLong(Shape::elementCount).sum();
    return inputs.equals(others) || (plain && inputs.getFirst().elementCount() == values);
  }

  /**
   * Returns the samples in the shape of a model's input, without copying.
   *
   * @throws IllegalArgumentException if they do not fit it
   */
  public Dataset shapedFor(Shape input) {
    return shapedFor(List.of(input));
  }

  /**
   * Returns the samples in the shapes of a model's inputs, without copying.
   *
   * @throws IllegalArgumentException if they do not fit them
   */
  public Dataset shapedFor(List<Shape> others) {
    if (!fits(others)) {
      throw new IllegalArgumentException(
          "data: samples are " + shown(inputs) + ", the model takes " + shown(others));
    }
    return new Dataset(
        List.copyOf(others),
        bytes,
        floats,
        labels,
        targets,
        targetWidth,
        classes,
        weights,
        first,
        size);
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
    return part(weights, first + from, to - from);
  }

  private Dataset part(@Nullable SampleWeights newWeights, int from, int count) {
    return new Dataset(
        inputs, bytes, floats, labels, targets, targetWidth, classes, newWeights, from, count);
  }

  /**
   * Returns the samples with weights, by which their losses are multiplied; the mean still divides
   * by the number of samples, or of steps.
   *
   * @param newWeights one a sample, or row-major one a step where the model's output is a sequence
   * @throws IllegalArgumentException if counts disagree or a weight is not finite
   */
  public Dataset withSampleWeights(float[] newWeights) {
    return part(SampleWeights.of(newWeights, first, size), first, size);
  }

  /**
   * Returns the samples weighted by their classes: a label's, or the largest of several targets;
   * classes that are not named count once.
   *
   * @throws IllegalArgumentException if the samples have weights, or several labels each
   */
  public Dataset withClassWeights(Map<Integer, Double> classWeights) {
    if (weights != null) {
      throw new IllegalArgumentException(
          "class weights: the samples have weights of their own; give one or the other");
    }
    return withSampleWeights(ClassWeights.of(classWeights, this));
  }

  /** Returns whether samples have weights. */
  public boolean hasSampleWeights() {
    return weights != null;
  }

  /** Returns how many weights a sample has: 1, or one a step. */
  public int weightsOfSample() {
    return weights == null ? 1 : weights.width();
  }

  /**
   * Returns by how much a sample counts, 1 where there are no weights.
   *
   * @param sample the sample's index
   * @param step which of its steps
   */
  public float sampleWeight(int sample, int step) {
    return weights == null ? 1 : weights.at(first + sample, step);
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

  /** Returns shapes as messages show them. */
  public static String shown(List<Shape> shapes) {
    return shapes.stream().map(Shape::toString).collect(Collectors.joining(" and "));
  }

  @Override
  public String toString() {
    return size
        + " samples of "
        + shown(inputs)
        + (labels == null ? ", " + targetWidth + " targets each" : " in " + classes + " classes");
  }
}
