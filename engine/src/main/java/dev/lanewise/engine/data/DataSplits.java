package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.util.List;

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
    if (!train.inputs().equals(test.inputs())) {
      throw new FormatException(
          "data: training samples are "
              + Dataset.shown(train.inputs())
              + ", test samples "
              + Dataset.shown(test.inputs()));
    }
  }

  /**
   * {@return the sets with their rows in this shape, if they are rows that fill it}
   *
   * @param input the shape of one of the model's samples
   */
  public DataSplits shapedFor(Shape input) {
    return shapedFor(List.of(input));
  }

  /**
   * {@return the sets with their rows in these shapes, if they are rows that fill them}
   *
   * @param inputs the shape of each of the model's inputs, in order
   */
  public DataSplits shapedFor(List<Shape> inputs) {
    return train.inputs().equals(inputs) || !train.fits(inputs)
        ? this
        : new DataSplits(
            train.shapedFor(inputs),
            test.shapedFor(inputs),
            inferred
                + "; rows of "
                + train.sampleShape().elementCount()
                + " read as "
                + Dataset.shown(inputs));
  }
}
