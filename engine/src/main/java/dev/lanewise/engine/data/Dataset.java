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
  private final List<Targets> targets;
  private final int first;
  private final int size;

  private Dataset(
      List<Shape> inputs,
      byte @Nullable [] bytes,
      float @Nullable [] floats,
      List<Targets> targets,
      int first,
      int size) {
    this.inputs = List.copyOf(inputs);
    this.bytes = bytes;
    this.floats = floats;
    this.targets = List.copyOf(targets);
    this.first = first;
    this.size = size;
  }

  /**
   * {@return images, or other bytes, with class labels; a feature's value is byte / 255 in float32}
   *
   * @param sampleShape the shape of one sample, [features] or [steps, features]
   * @param features row-major samples, unsigned
   * @param labels one class index a sample (or a step, for models with sequence output)
   * @param classes the number of classes
   * @throws IllegalArgumentException if counts disagree or a label is outside [0, classes)
   */
  public static Dataset ofBytes(Shape sampleShape, byte[] features, int[] labels, int classes) {
    int size = DataChecks.sampleCount(List.of(sampleShape), features.length);
    return ofBytes(sampleShape, features, List.of(Targets.ofLabels(labels, size, classes)));
  }

  /**
   * {@return images, or other bytes, with targets for several outputs; otherwise as the other}
   *
   * @param sampleShape the shape of one sample
   * @param features samples one after the other, each row-major, 0 to 255 and divided by 255 where
   *     they are used
   * @param targets those of each output, in the model's order
   * @throws IllegalArgumentException if counts disagree
   */
  public static Dataset ofBytes(Shape sampleShape, byte[] features, List<Targets> targets) {
    List<Shape> inputs = List.of(sampleShape);
    int size = DataChecks.sampleCount(inputs, features.length);
    requireSamples(targets, size);
    return new Dataset(inputs, features, null, targets, 0, size);
  }

  /**
   * {@return float samples with class labels}
   *
   * @param sampleShape the shape of one sample
   * @param features samples one after the other, each row-major
   * @param labels a class a sample, 0 to {@code classes} - 1
   * @param classes how many classes there are
   * @throws IllegalArgumentException if counts disagree, a feature is not finite, or a label is
   *     outside [0, classes)
   */
  public static Dataset of(Shape sampleShape, float[] features, int[] labels, int classes) {
    return of(List.of(sampleShape), features, labels, classes);
  }

  /**
   * {@return samples of several inputs with class labels}
   *
   * @param inputs the shape of each of a sample's inputs, in the model's order
   * @param features row-major, a sample's inputs one after the other; see {@link JoinedInputs}
   * @param labels a class a sample, 0 to {@code classes} - 1
   * @param classes how many classes there are
   * @throws IllegalArgumentException if counts disagree, a feature is not finite, or a label is
   *     outside [0, classes)
   */
  public static Dataset of(List<Shape> inputs, float[] features, int[] labels, int classes) {
    int size = sampleCount(inputs, features);
    return of(inputs, features, List.of(Targets.ofLabels(labels, size, classes)), size);
  }

  /**
   * {@return float samples with float targets: values to regress, or one-hot or soft classes}
   *
   * @param sampleShape the shape of one sample
   * @param features samples one after the other, each row-major
   * @param targets row-major, {@code targetWidth} values a sample
   * @param targetWidth the values of one sample's target
   * @throws IllegalArgumentException if counts disagree or a value is not finite
   */
  public static Dataset of(Shape sampleShape, float[] features, float[] targets, int targetWidth) {
    return of(List.of(sampleShape), features, targets, targetWidth);
  }

  /**
   * {@return samples of several inputs with float targets}
   *
   * @param inputs the shape of each of a sample's inputs, in the model's order
   * @param features row-major, a sample's inputs one after the other; see {@link JoinedInputs}
   * @param targets row-major, {@code targetWidth} values a sample
   * @param targetWidth the values of one sample's target
   * @throws IllegalArgumentException if counts disagree or a value is not finite
   */
  public static Dataset of(List<Shape> inputs, float[] features, float[] targets, int targetWidth) {
    int size = sampleCount(inputs, features);
    return of(inputs, features, List.of(Targets.of(targets, size, targetWidth)), size);
  }

  /**
   * {@return samples with targets for several outputs}
   *
   * @param inputs the shape of each of a sample's inputs, in the model's order
   * @param features row-major, a sample's inputs one after the other; see {@link JoinedInputs}
   * @param targets those of each output, in the model's order
   * @throws IllegalArgumentException if counts disagree or a feature is not finite
   */
  public static Dataset of(List<Shape> inputs, float[] features, List<Targets> targets) {
    return of(inputs, features, targets, sampleCount(inputs, features));
  }

  /**
   * {@return samples without targets, to be answered}
   *
   * @param sampleShape the shape of one sample
   * @param features samples one after the other, each row-major
   * @throws IllegalArgumentException if they are not whole samples or a feature is not finite
   */
  public static Dataset of(Shape sampleShape, float[] features) {
    return of(List.of(sampleShape), features);
  }

  /**
   * {@return samples of several inputs without targets, to be answered}
   *
   * @param inputs the shape of each of a sample's inputs, in the model's order
   * @param features row-major, a sample's inputs one after the other; see {@link JoinedInputs}
   * @throws IllegalArgumentException if they are not whole samples or a feature is not finite
   */
  public static Dataset of(List<Shape> inputs, float[] features) {
    return new Dataset(inputs, null, features, List.of(), 0, sampleCount(inputs, features));
  }

  private static int sampleCount(List<Shape> inputs, float[] features) {
    int size = DataChecks.sampleCount(inputs, features.length);
    DataChecks.requireFinite("feature", features, features.length / size);
    return size;
  }

  private static Dataset of(List<Shape> inputs, float[] features, List<Targets> targets, int size) {
    requireSamples(targets, size);
    return new Dataset(inputs, null, features, targets, 0, size);
  }

  private static void requireSamples(List<Targets> targets, int size) {
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("data: targets of at least one output are needed");
    }
    for (int i = 0; i < targets.size(); i++) {
      int found = targets.get(i).samples();
      if (found != size) {
        throw new IllegalArgumentException(
            "data: x has "
                + size
                + " samples, the targets of output "
                + i
                + " are of "
                + found
                + "; counts must agree");
      }
    }
  }

  /** {@return the number of samples} */
  public int size() {
    return size;
  }

  /**
   * {@return the shape of one sample}
   *
   * @throws IllegalStateException if it has several inputs
   */
  public Shape sampleShape() {
    if (inputs.size() != 1) {
      throw new IllegalStateException("data: a sample has several inputs: " + inputs);
    }
    return inputs.getFirst();
  }

  /** {@return the shapes of one sample's inputs} */
  public List<Shape> inputs() {
    return inputs;
  }

  /** {@return how many outputs there are targets for} */
  public int outputs() {
    return targets.size();
  }

  /**
   * {@return the targets of an output} They are of all samples of the arrays, of which {@link
   * #firstSample} is the first of this data set.
   *
   * @param output the output's index, in the model's order
   */
  public Targets targets(int output) {
    return targets.get(output);
  }

  private Targets only() {
    if (targets.size() != 1) {
      throw new IllegalStateException(
          targets.isEmpty()
              ? "data: there are no targets"
              : "data: there are targets of " + targets.size() + " outputs, not one");
    }
    return targets.getFirst();
  }

  /**
   * {@return whether the targets of the one output are class indices}
   *
   * @throws IllegalStateException if there are several, as the other methods that ask for one
   */
  public boolean hasLabels() {
    return only().areLabels();
  }

  /** {@return the number of classes, 0 if targets are floats} */
  public int classes() {
    return only().classes();
  }

  /** {@return the targets of one sample: values, or labels (1, or one a step)} */
  public int targetWidth() {
    return only().width();
  }

  /** {@return whether features are bytes} */
  public boolean hasBytes() {
    return bytes != null;
  }

  /**
   * {@return whether a model with this input can take the samples: they have its shape, or are
   * plain rows of as many values}
   *
   * @param input the shape of one of the model's samples
   */
  public boolean fits(Shape input) {
    return fits(List.of(input));
  }

  /**
   * {@return whether a model with these inputs can take the samples, as they are or as rows}
   *
   * @param others the shape of each of the model's inputs, in order
   */
  public boolean fits(List<Shape> others) {
    boolean plain = inputs.size() == 1 && inputs.getFirst().rank() == 1;
    long values = others.stream().mapToLong(Shape::elementCount).sum();
    return inputs.equals(others) || (plain && inputs.getFirst().elementCount() == values);
  }

  /**
   * {@return the samples in the shape of a model's input, without copying}
   *
   * @param input the shape of one of the model's samples
   * @throws IllegalArgumentException if they do not fit it
   */
  public Dataset shapedFor(Shape input) {
    return shapedFor(List.of(input));
  }

  /**
   * {@return the samples in the shapes of a model's inputs, without copying}
   *
   * @param others the shape of each of the model's inputs, in order
   * @throws IllegalArgumentException if they do not fit them
   */
  public Dataset shapedFor(List<Shape> others) {
    if (!fits(others)) {
      throw new IllegalArgumentException(
          "data: samples are " + shown(inputs) + ", the model takes " + shown(others));
    }
    return new Dataset(others, bytes, floats, targets, first, size);
  }

  /**
   * {@return the samples [from, to) without copying}
   *
   * @param from the first sample
   * @param to the one behind the last
   * @throws IndexOutOfBoundsException if the range is empty or outside
   */
  public Dataset slice(int from, int to) {
    if (from < 0 || to > size || from >= to) {
      throw new IndexOutOfBoundsException(
          "data: samples [" + from + ", " + to + ") of " + size + "; at least one is needed");
    }
    return new Dataset(inputs, bytes, floats, targets, first + from, to - from);
  }

  /**
   * {@return the samples with weights, by which their losses are multiplied, those of all outputs;
   * the mean still divides by the number of samples, or of steps}
   *
   * @param newWeights one a sample, or row-major one a step where the model's output is a sequence
   * @throws IllegalArgumentException if counts disagree or a weight is not finite
   */
  public Dataset withSampleWeights(float[] newWeights) {
    SampleWeights each = SampleWeights.of(newWeights, first, size);
    List<Targets> weighted = targets.stream().map(own -> own.withWeights(each)).toList();
    return new Dataset(inputs, bytes, floats, weighted, first, size);
  }

  /**
   * {@return the samples weighted by their classes: a label's, or the largest of several targets;
   * classes that are not named count once}
   *
   * @param classWeights by how much a sample of a class counts; at least 0
   * @throws IllegalArgumentException if the samples have weights, or several labels each
   */
  public Dataset withClassWeights(Map<Integer, Double> classWeights) {
    if (only().areWeighted()) {
      throw new IllegalArgumentException(
          "class weights: the samples have weights of their own; give one or the other");
    }
    return withSampleWeights(ClassWeights.of(classWeights, this));
  }

  /** {@return whether samples have weights, at any output} */
  public boolean hasSampleWeights() {
    return targets.stream().anyMatch(Targets::areWeighted);
  }

  /**
   * {@return by how much a sample counts at the one output, 1 where there are no weights}
   *
   * @param sample the sample's index
   * @param step which of its steps
   */
  public float sampleWeight(int sample, int step) {
    return only().weight(first + sample, step);
  }

  /**
   * {@return the array of byte features, shared and not to be changed}
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
   * {@return the array of float features, shared and not to be changed}
   *
   * @throws IllegalStateException if features are bytes
   */
  public float[] floatFeatures() {
    if (floats == null) {
      throw new IllegalStateException("data: features are bytes, not floats");
    }
    return floats;
  }

  /** {@return which of the array's samples is the first of this data set} */
  public int firstSample() {
    return first;
  }

  /**
   * {@return a label}
   *
   * @param sample the sample's index
   * @param index which of the sample's labels
   * @throws IllegalStateException if targets are floats
   */
  public int label(int sample, int index) {
    return only().label(first + sample, index);
  }

  /**
   * {@return a float target}
   *
   * @param sample the sample's index
   * @param index which of the sample's values
   * @throws IllegalStateException if targets are labels
   */
  public float target(int sample, int index) {
    return only().value(first + sample, index);
  }

  /**
   * {@return shapes as messages show them}
   *
   * @param shapes those of a sample's inputs
   */
  public static String shown(List<Shape> shapes) {
    return shapes.stream().map(Shape::toString).collect(Collectors.joining(" and "));
  }

  @Override
  public String toString() {
    return size
        + " samples of "
        + shown(inputs)
        + targets.stream()
            .map(each -> (each.areLabels() ? " " : ", ") + each)
            .collect(Collectors.joining(" and"));
  }
}
