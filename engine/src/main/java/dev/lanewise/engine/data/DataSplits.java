package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;

/**
 * A training and a test set, whatever files they come from.
 *
 * @param train the samples to train on and to hold out for validation
 * @param test the samples of the final evaluation
 * @param inferred what the files left open and how it was understood, for people; may be empty
 */
public record DataSplits(Dataset train, Dataset test, String inferred) {
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

  /** Returns the sets with their rows in this shape, if they are rows that fill it. */
  public DataSplits shapedFor(Shape input) {
    Shape rows = train.sampleShape();
    return rows.equals(input) || !train.fits(input)
        ? this
        : new DataSplits(
            train.shapedFor(input),
            test.shapedFor(input),
            inferred + "; rows of " + rows.elementCount() + " read as " + input);
  }
}
