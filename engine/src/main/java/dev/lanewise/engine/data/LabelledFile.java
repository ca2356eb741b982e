package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Samples and targets as files have them.
 *
 * @param inputs the shapes of one sample's inputs
 * @param features the samples
 * @param targets theirs, of each output
 */
record LabelledFile(List<Shape> inputs, Features features, List<FileTargets> targets) {
  /** Returns samples of one input and one output. */
  LabelledFile(Shape sample, Features features, FileTargets targets) {
    this(List.of(sample), features, List.of(targets));
  }

  /**
   * Settles what the numbers of a training and a test set mean, by those of the training set.
   *
   * @param told what was inferred from the files so far, nothing if they say all by themselves
   * @throws FormatException if the sets are not of one kind
   */
  static DataSplits splits(LabelledFile train, LabelledFile test, Reading reading, String told) {
    int[] classes = new int[train.targets.size()];
    for (int i = 0; i < classes.length; i++) { // a file of one output may be for more
      classes[i] = classes(train.targets.get(i), test.targets.get(i), reading.targets().get(i));
    }
    boolean pixels = train.features.arePixels(reading.scaling());
    if (reading.scaling() == Scaling.AUTO) {
      test.features.requireScaledAs(train.features, pixels);
    }
    return new DataSplits(
        train.dataset(classes, pixels),
        test.dataset(classes, pixels),
        told.isEmpty() && pixels
            ? ""
            : told
                + train.targets.stream().map(FileTargets::told).collect(Collectors.joining("; "))
                + "; "
                + train.features.told(pixels));
  }

  /** Returns how many classes there are, 0 if targets are numbers. */
  private static int classes(FileTargets train, FileTargets test, Reading.Target reading) {
    return switch (train) {
      case Numbers _ when test instanceof Numbers -> 0;
      case Labels labels when test instanceof Labels others -> {
        int classes = labels.classes(reading.classes());
        others.require(classes);
        yield classes;
      }
      default ->
          throw new FormatException(
              "data: of the training set there are "
                  + train.told()
                  + ", of the test set "
                  + test.told()
                  + "; give both the same");
    };
  }

  private Dataset dataset(int[] classes, boolean pixels) {
    long each = inputs.stream().mapToLong(Shape::elementCount).sum();
    int samples = Math.toIntExact(features.length() / each);
    List<Targets> all = new ArrayList<>();
    for (int i = 0; i < classes.length; i++) {
      all.add(targets.get(i).of(samples, classes[i]));
    }
    return features.dataset(inputs, all, pixels);
  }
}
