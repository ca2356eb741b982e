package dev.lanewise.engine.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names in a table's first record, where it has any. Whether it has is decided only where it
 * cannot be doubted: a record that is taken for a header is a sample less.
 *
 * @param names the columns' names
 */
record CsvHeader(List<String> names) {
  private static final String LABEL = "label";

  /** What people write where a value is missing; it makes no name. */
  private static final Set<String> MISSING =
      Set.of("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "inf", "-inf", "?", "-");

  /** A table that is told apart by blanks is one long name. */
  private static final int SHOWN = 60;

  /** A shorter run of 0, 1, 2, ... may well be a sample. */
  private static final int DOUBTFUL_RUN = 5;

  /**
   * Returns the header that the reader stands at, or null if that is a sample.
   *
   * @throws FormatException if it may be either, or a column has no name
   */
  static @Nullable CsvHeader at(CsvReader reader) {
    List<String> names = new ArrayList<>();
    int numbers = 0;
    int missing = 0;
    int run = 0;
    for (int i = 0; i < reader.cells(); i++) {
      String cell = reader.cell(i);
      names.add(cell);
      double value = reader.valueOf(i);
      numbers += Double.isNaN(value) ? 0 : 1;
      missing += MISSING.contains(cell.toLowerCase(Locale.ROOT)) ? 1 : 0;
      run += value == i ? 1 : 0;
    }
    CsvHeader header = new CsvHeader(names);
    if (header.labelColumn() >= 0 || numbers + missing == 0) {
      header.requireNames(reader);
      return header;
    }
    if (run == names.size() && run >= DOUBTFUL_RUN) {
      throw new FormatException(
          reader.name()
              + ": line 1 counts 0, 1, 2, ... as a header without names does; name the columns, or"
              + " remove it and give the first sample another place");
    }
    return null;
  }

  private void requireNames(CsvReader reader) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty() || names.get(i).equals("Unnamed: 0")) {
        throw reader.refused(i, "has no name; pandas's index? save with index=False");
      }
      if (isLabel(names.get(i)) && i != labelColumn()) {
        throw reader.refused(i, "is named label, as one before it is");
      }
    }
  }

  private static boolean isLabel(String name) {
    return name.toLowerCase(Locale.ROOT).equals(LABEL);
  }

  /** Returns which column is named label, -1 if none is. */
  int labelColumn() {
    for (int i = 0; i < names.size(); i++) {
      if (isLabel(names.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the first column whose name is another one in the other header, -1 if all agree. */
  int firstOther(CsvHeader other) {
    for (int i = 0; i < names.size(); i++) {
      if (i >= other.names.size() || !names.get(i).equalsIgnoreCase(other.names.get(i))) {
        return i;
      }
    }
    return names.size() < other.names.size() ? names.size() : -1;
  }

  /** Returns a column's name for a message. */
  String shown(int column) {
    if (column >= names.size()) {
      return "nothing";
    }
    String name = names.get(column).replaceAll("\\p{Cntrl}", "?");
    return "'" + (name.length() > SHOWN ? name.substring(0, SHOWN) + "..." : name) + "'";
  }
}
