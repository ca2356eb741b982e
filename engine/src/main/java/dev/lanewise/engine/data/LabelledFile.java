package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * Samples and targets as files have them.
 *
 * @param inputs the shapes of one sample's inputs
 * @param features the samples
 * @param targets theirs
 */
record LabelledFile(List<Shape> inputs, Features features, FileTargets targets) {
  /** Returns samples of one input. */
  LabelledFile(Shape sample, Features features, FileTargets targets) {
    this(List.of(sample), features, targets);
  }

  /**
   * Settles what the numbers of a training and a test set mean, by those of the training set.
   *
   * @param told what was inferred from the files so far, nothing if they say all by themselves
   * @throws FormatException if the sets are not of one kind
   */
  static DataSplits splits(LabelledFile train, LabelledFile test, Reading reading, String told) {
    int classes = classes(train.targets, test.targets, reading);
    boolean pixels = train.features.arePixels(reading.scaling());
    if (reading.scaling() == Scaling.AUTO) {
      test.features.requireScaledAs(train.features, pixels);
    }
    return new DataSplits(
        train.dataset(classes, pixels),
        test.dataset(classes, pixels),
        told.isEmpty() && pixels
            ? ""
            : told + train.targets.told() + "; " + train.features.told(pixels));
  }

  /** Returns how many classes there are, 0 if targets are numbers. */
  private static int classes(FileTargets train, FileTargets test, Reading reading) {
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

  private Dataset dataset(int classes, boolean pixels) {
    return switch (targets) {
      case Labels labels -> features.dataset(inputs, labels.values(), classes, pixels);
      case Numbers numbers -> features.dataset(inputs, numbers, pixels);
    };
  }
}
