package dev.lanewise.engine.text;

import java.util.ArrayList;
import java.util.List;

/** Columns of text between lines; the last column to the right, as numbers are. */
public final class TextTable {
  private final List<String[]> rows = new ArrayList<>();

  /**
   * Begins a table.
   *
   * @param header a word a column
   */
  public TextTable(String... header) {
    rows.add(header);
  }

  /**
   * Adds a row.
   *
   * @param cells as many as the header has
   */
  public void row(String... cells) {
    rows.add(cells);
  }

  @Override
  public String toString() {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    StringBuilder text = new StringBuilder();
    rule(text, widths);
    for (int r = 0; r < rows.size(); r++) {
      String[] row = rows.get(r);
      for (int c = 0; c < columns; c++) {
        String space = " ".repeat(widths[c] - row[c].length());
        text.append(c == columns - 1 ? space + row[c] : row[c] + space + "   ");
      }
      text.append('\n');
      if (r == 0) {
        rule(text, widths);
      }
    }
    rule(text, widths);
    return text.toString();
  }

  private static void rule(StringBuilder text, int[] widths) {
    int total = 3 * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    text.append("─".repeat(total)).append('\n');
  }
}
