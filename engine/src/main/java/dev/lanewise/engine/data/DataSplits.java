package dev.lanewise.engine.data;

/**
 * A training and a test set, whatever files they come from.
 *
 * @param train the samples to train on and to hold out for validation
 * @param test the samples of the final evaluation
 */
public record DataSplits(Dataset train, Dataset test) {
  /**
   * Validates that the sets are of one kind.
   *
   * @throws FormatException if their samples differ in shape
   */
  public DataSplits {
    if (!train.sampleShape().equals(test.sampleShape())) {
      throw new FormatException(
          "data: training samples are "
              + train.sampleShape()
              + ", test samples "
              + test.sampleShape());
    }
  }
}
