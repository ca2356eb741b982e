package dev.lanewise.spark;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table a model is trained on.
 *
 * @param features the columns of the model's inputs, in their order: arrays of numbers, row-major,
 *     arrays of arrays, vectors, or numbers
 * @param label the column of the targets: a number or an array of numbers
 * @param id the column that says which row is which, whole numbers or texts; absent where rows are
 *     told by their content
 */
public record TrainingColumns(List<String> features, String label, @Nullable String id) {
  /**
   * Makes the list unmodifiable.
   *
   * @throws IllegalArgumentException if there are no features
   */
  public TrainingColumns {
    features = List.copyOf(features);
    if (features.isEmpty()) {
      throw new IllegalArgumentException("SparkFit: a model has inputs; name a column for each");
    }
  }

  /**
   * {@return the columns of a model with one input, whose rows have no ids}
   *
   * @param features the column of the input
   * @param label the column of what is to be learnt
   */
  public static TrainingColumns of(String features, String label) {
    return new TrainingColumns(List.of(features), label, null);
  }

  /**
   * {@return these columns with ids, in whose order samples are: numbers by size, texts by their
   * UTF-8}
   *
   * @param column numbers or texts, no two rows the same
   */
  public TrainingColumns withId(String column) {
    return new TrainingColumns(features, label, column);
  }
}
