package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;

/**
 * Samples and labels as files have them.
 *
 * @param sample the shape of one
 * @param features the samples
 * @param labels one a sample
 */
record LabelledFile(Shape sample, Features features, Labels labels) {
  /**
   * Settles what the numbers of a training and a test set mean, by those of the training set.
   *
   * @param told what was inferred from the files so far, nothing if they say all by themselves
   * @throws FormatException if the sets are not of one kind
   */
  static DataSplits splits(LabelledFile train, LabelledFile test, Reading reading, String told) {
    int classes = train.labels.classes(reading.classes());
    test.labels.require(classes);
    boolean pixels = train.features.arePixels(reading.scaling());
    if (reading.scaling() == Scaling.AUTO) {
      test.features.requireScaledAs(train.features, pixels);
    }
    return new DataSplits(
        train.dataset(classes, pixels),
        test.dataset(classes, pixels),
        told.isEmpty() && pixels
            ? ""
            : told + train.labels.told() + "; " + train.features.told(pixels));
  }

  private Dataset dataset(int classes, boolean pixels) {
    return features.dataset(sample, labels.values(), classes, pixels);
  }
}
