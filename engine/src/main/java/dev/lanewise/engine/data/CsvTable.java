package dev.lanewise.engine.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A table of numbers, and of labels if it has a column of them. */
final class CsvTable {
  private final String name;
  private final @Nullable CsvHeader header;
  private final int columns;
  private final int labelColumn;
  private float[] values = new float[1024];
  private final boolean numbers;
  private double[] labels = new double[64];
  private int rows;

  /**
   * Reads a table.
   *
   * @param file all of it
   * @param name names it in messages
   * @param labelled whether it must have labels: in the column named label, without a header in the
   *     first; otherwise a column of that name is passed over
   * @param numbers whether that column is of numbers, which are no classes
   * @throws FormatException naming the line of what is wrong
   */
  CsvTable(byte[] file, String name, boolean labelled, boolean numbers) {
    this.numbers = numbers;
    this.name = name;
    CsvReader reader = new CsvReader(file, name);
    if (!reader.next()) {
      throw new FormatException(name + ": has no rows");
    }
    header = CsvHeader.at(reader);
    columns = reader.cells();
    int named = header == null ? -1 : header.labelColumn();
    if (labelled && header != null && named < 0) {
      throw new FormatException(
          name
              + ": has no column named label in its first line, which begins with "
              + header.shown(0));
    }
    labelColumn = labelled && header == null ? 0 : named;
    if (width() < 1) {
      throw new FormatException(name + ": has no column beside the label");
    }
    if (header == null) {
      row(reader);
    }
    while (reader.next()) {
      row(reader);
    }
    if (rows == 0) {
      throw new FormatException(name + ": has no rows");
    }
  }

  private void row(CsvReader reader) {
    if (reader.cells() != columns) {
      throw new FormatException(
          name
              + ": line "
              + reader.line()
              + " has "
              + reader.cells()
              + (reader.cells() == 1 ? " value, " : " values, ")
              + (header == null ? "expected " : "the header names ")
              + columns);
    }
    long needed = (rows + 1L) * width();
    if (needed > Integer.MAX_VALUE - 8) {
      throw new FormatException(name + ": has more than 2^31 values");
    }
    if (needed > values.length) {
      values = Arrays.copyOf(values, grown(values.length, needed));
    }
    if (rows == labels.length) {
      labels = Arrays.copyOf(labels, 2 * rows);
    }
    int next = rows * width();
    for (int i = 0; i < columns; i++) {
      double value = reader.number(i);
      if (i != labelColumn) {
        values[next++] = (float) value;
      } else if (!numbers && (value != Math.rint(value) || value < 0 || value >= Labels.MOST)) {
        throw reader.refused(
            i, "has label " + reader.shown(i) + ", expected 0 to " + (Labels.MOST - 1));
      } else {
        labels[rows] = value;
      }
    }
    rows++;
  }

  private static int grown(int length, long needed) {
    return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, length + (length >> 1)));
  }

  /** Returns the number of rows. */
  int rows() {
    return rows;
  }

  /** Returns how many values a row has, its label apart. */
  int width() {
    return columns - (labelColumn < 0 ? 0 : 1);
  }

  /** Returns the values in rows. */
  Features features() {
    return Features.of(name, Arrays.copyOf(values, rows * width()));
  }

  /** Returns the column of labels. */
  FileTargets targets() {
    if (!numbers) {
      int[] whole = new int[rows];
      for (int i = 0; i < rows; i++) {
        whole[i] = (int) labels[i];
      }
      return new Labels(name, whole);
    }
    float[] values = new float[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = (float) labels[i];
    }
    return new Numbers(name, values, 1);
  }

  /**
   * Refuses a table whose columns are others than those of another one.
   *
   * @throws FormatException naming the first that differs
   */
  void requireColumnsOf(CsvTable other) {
    if (header != null && other.header != null) {
      int differing = header.firstOther(other.header);
      if (differing >= 0) {
        throw new FormatException(
            name
                + ": column "
                + (differing + 1)
                + " is "
                + header.shown(differing)
                + ", in "
                + other.name
                + " it is "
                + other.header.shown(differing));
      }
    } else if (header != null || other.header != null) {
      throw new FormatException(
          name
              + (header == null ? ": has no header, " : ": has a header, ")
              + other.name
              + (header == null ? " has one" : " has none")
              + "; give both the same");
    }
    if (columns != other.columns) {
      throw new FormatException(
          name + ": has " + columns + " columns, " + other.name + " has " + other.columns);
    }
  }

  /** Says how the columns were understood. */
  String told() {
    String label = "";
    if (labelColumn >= 0) {
      label =
          header == null
              ? ", the first column is the label"
              : ", column " + (labelColumn + 1) + " is the label";
    }
    return (header == null ? "no header" : "a header in line 1")
        + label
        + ", rows of "
        + width()
        + (width() == 1 ? " value; " : " values; ");
  }
}
