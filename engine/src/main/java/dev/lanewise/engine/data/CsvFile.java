package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.nio.file.Path;

/**
 * Samples as a table in text, a row each: numbers, and a label in a column named {@code label} or,
 * without a header, in the first.
 */
public final class CsvFile {
  private CsvFile() {}

  /**
   * Reads a training and a test set of plain rows.
   *
   * @param train the training file
   * @param test the test file
   * @param reading what its numbers and its labels mean
   * @return both sets
   * @throws FormatException if a file is missing, or a row or the other file is not like the first
   */
  public static DataSplits splits(Path train, Path test, Reading reading) {
    boolean numbers = reading.targets().getFirst().numbers() == 1;
    CsvTable first = new CsvTable(DataFiles.read(train), train.toString(), true, numbers);
    CsvTable second = new CsvTable(DataFiles.read(test), test.toString(), true, numbers);
    second.requireColumnsOf(first);
    return LabelledFile.splits(
        part(first), part(second), reading, train + ", " + test + ": " + first.told());
  }

  private static LabelledFile part(CsvTable table) {
    return new LabelledFile(Shape.of(table.width()), table.features(), table.targets());
  }

  /**
   * Reads samples without labels.
   *
   * @param of the shape of one
   * @param anySteps whether its first size is as the rows are long
   * @throws FormatException if the file is missing or rows have another length
   */
  static SampleFile samples(Path file, Shape of, boolean anySteps, Scaling scaling) {
    return samples(DataFiles.read(file), file.toString(), of, anySteps, scaling);
  }

  /** Reads samples from all of a file, which is named in messages. */
  static SampleFile samples(
      byte[] bytes, String file, Shape of, boolean anySteps, Scaling scaling) {
    CsvTable table = new CsvTable(bytes, file, false, false);
    int steps = Math.toIntExact(table.width() / of.part().elementCount());
    Shape sample = anySteps && steps > 0 ? of.withFirst(steps) : of;
    if (table.width() != sample.elementCount()) {
      String label =
          table.width() == sample.elementCount() + 1
              ? "; with a label? name its column label in a header, and it is passed over"
              : "";
      throw new FormatException(
          file + ": rows have " + table.width() + " values, the model takes " + sample + label);
    }
    return SampleFile.of(table.features(), sample, scaling, file + ": " + table.told());
  }
}
