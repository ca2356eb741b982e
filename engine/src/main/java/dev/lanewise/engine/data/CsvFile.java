package dev.lanewise.engine.data;

import dev.lanewise.engine.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Samples as comma-separated lines, one each: numbers, and a label in a column named {@code label}
 * or, without a header, in the first. Rows whose length is a square, such as MNIST's 784, become
 * images of that many rows; others have one step. Where every value is a whole number from 0 to 255
 * and one is above 1, values are pixels and are divided by 255.
 */
public final class CsvFile {
  private static final String LABEL = "label";

  private final String name;
  private final List<float[]> rows = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private final boolean labelled;

  private CsvFile(Path file, boolean labelled) {
    this.labelled = labelled;
    name = file.toString();
    String text = new String(DataFiles.read(file), StandardCharsets.UTF_8);
    String[] lines = text.split("\r?\n", -1);
    int first = isHeader(lines[0]) ? 1 : 0;
    int labelColumn = labelled ? labelColumn(first == 1 ? lines[0] : null) : -1;
    for (int i = first; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        row(lines[i], i + 1, labelColumn);
      }
    }
    if (rows.isEmpty()) {
      throw new FormatException(name + ": has no rows");
    }
  }

  /**
   * Reads a training and a test set, pixels being pixels in both if they are in the first.
   *
   * @throws FormatException if a file is missing, or a row is not like the first
   */
  public static DataSplits splits(Path train, Path test) {
    CsvFile first = new CsvFile(train, true);
    CsvFile second = new CsvFile(test, true);
    boolean pixels = first.arePixels();
    int classes = Math.max(2, first.labels.stream().max(Integer::compare).orElse(0) + 1);
    return new DataSplits(first.dataset(classes, pixels), second.dataset(classes, pixels));
  }

  /**
   * Reads samples without labels.
   *
   * @param sample the shape of one
   * @throws FormatException if the file is missing or a row has another length
   */
  public static Dataset samples(Path file, Shape sample) {
    CsvFile csv = new CsvFile(file, false);
    if (csv.rows.getFirst().length != sample.elementCount()) {
      throw new FormatException(
          file
              + ": rows have "
              + csv.rows.getFirst().length
              + " values, the model takes "
              + sample);
    }
    return Dataset.of(sample, csv.features(csv.arePixels()), new float[csv.rows.size()], 1);
  }

  private static boolean isHeader(String line) {
    for (String cell : line.split(",", -1)) {
      try {
        Double.parseDouble(cell.strip());
      } catch (NumberFormatException e) {
        return true;
      }
    }
    return false;
  }

  private int labelColumn(@Nullable String header) {
    if (header == null) {
      return 0;
    }
    String[] names = header.split(",", -1);
    for (int i = 0; i < names.length; i++) {
      if (names[i].strip().replace("\"", "").toLowerCase(Locale.ROOT).equals(LABEL)) {
        return i;
      }
    }
    throw new FormatException(name + ": has no column named label in its first line");
  }

  private void row(String line, int number, int labelColumn) {
    String[] cells = line.split(",", -1);
    int expected = rows.isEmpty() ? cells.length : rows.getFirst().length + (labelled ? 1 : 0);
    if (cells.length != expected || cells.length < (labelled ? 2 : 1)) {
      throw new FormatException(
          name + ": line " + number + " has " + cells.length + " values, expected " + expected);
    }
    float[] values = new float[cells.length - (labelled ? 1 : 0)];
    int next = 0;
    for (int i = 0; i < cells.length; i++) {
      double value = number(cells[i], number, i + 1);
      if (i != labelColumn) {
        values[next++] = (float) value;
      } else if (value != Math.rint(value) || value < 0 || value > 1 << 20) {
        throw new FormatException(
            name + ": line " + number + " has label " + cells[i].strip() + ", expected 0, 1, ...");
      } else {
        labels.add((int) value);
      }
    }
    rows.add(values);
  }

  private double number(String cell, int line, int column) {
    try {
      double value = Double.parseDouble(cell.strip());
      if (Float.isFinite((float) value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, as is what is no finite number
    }
    String shown =
        cell.strip().length() > 20 ? cell.strip().substring(0, 20) + "..." : cell.strip();
    throw new FormatException(
        name + ": line " + line + ", column " + column + " is no number: '" + shown + "'");
  }

  private boolean arePixels() {
    boolean above = false;
    for (float[] row : rows) {
      for (float value : row) {
        if (value < 0 || value > 255 || value != Math.rint(value)) {
          return false;
        }
        above |= value > 1;
      }
    }
    return above;
  }

  private Dataset dataset(int classes, boolean pixels) {
    int length = rows.getFirst().length;
    int side = (int) Math.round(Math.sqrt(length));
    Shape sample = side * side == length && side > 1 ? Shape.of(side, side) : Shape.of(1, length);
    int[] targets = labels.stream().mapToInt(Integer::intValue).toArray();
    try {
      return Dataset.of(sample, features(pixels), targets, classes);
    } catch (IllegalArgumentException e) {
      throw new FormatException(name + ": " + e.getMessage());
    }
  }

  private float[] features(boolean pixels) {
    int length = rows.getFirst().length;
    float[] all = new float[Math.multiplyExact(rows.size(), length)];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * length, length);
    }
    for (int i = 0; pixels && i < all.length; i++) {
      all[i] /= 255;
    }
    return all;
  }
}
