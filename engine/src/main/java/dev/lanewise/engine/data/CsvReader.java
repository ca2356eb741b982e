package dev.lanewise.engine.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A table as text, record by record, as spreadsheets and pandas write it (RFC 4180): cells between
 * commas, semicolons or tabs, which the first record shows; quoted cells, which may hold all of
 * these; lines ended by LF, CR LF or CR. UTF-8 with or without a mark, or UTF-16 with one.
 */
final class CsvReader {
  private static final int SHOWN = 20;
  private static final byte QUOTE = '"';

  private final String name;
  private final byte[] text;
  private final byte separator;
  private int at;
  private int line = 1;
  private int recordLine;
  private int cells;
  private int[] starts = new int[1024];
  private int[] ends = new int[1024];

  /**
   * Begins in front of the first record.
   *
   * @param file all of it
   * @param name names it in messages
   */
  CsvReader(byte[] file, String name) {
    this.name = name;
    text = utf8(file);
    at = text.length > 2 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB ? 3 : 0;
    separator = separator();
  }

  private byte[] utf8(byte[] file) {
    String kind = Signature.of(file);
    if (kind.equals(Signature.UTF_16)) {
      return new String(file, StandardCharsets.UTF_16).getBytes(StandardCharsets.UTF_8);
    }
    int start = Math.min(file.length, 1024);
    for (int i = 0; i < start; i++) {
      if (file[i] == 0) {
        throw new FormatException(
            name + ": expected a table as text, found " + kind + "; save it as CSV in UTF-8");
      }
    }
    return file;
  }

  /** Returns what stands between the first record's cells: semicolons go before decimal commas. */
  private byte separator() {
    if (isDirective()) { // written for Excel
      byte told = text[at + 4];
      at += 5;
      endLine();
      return told;
    }
    boolean quoted = false;
    boolean commas = false;
    boolean tabs = false;
    for (int i = at; i < text.length && (quoted || !isLineEnd(text[i])); i++) {
      quoted ^= text[i] == QUOTE;
      if (!quoted && text[i] == ';') {
        return ';';
      }
      commas |= !quoted && text[i] == ',';
      tabs |= !quoted && text[i] == '\t';
    }
    return (byte) (tabs && !commas ? '\t' : ',');
  }

  /** Returns whether the first line is "sep=" and one character, which can be told from others. */
  private boolean isDirective() {
    byte[] begin = {'s', 'e', 'p', '='};
    int end = at + begin.length;
    return end < text.length
        && Arrays.equals(text, at, end, begin, 0, begin.length)
        && !isLineEnd(text[end])
        && text[end] != QUOTE
        && (end + 1 == text.length || isLineEnd(text[end + 1]));
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  /** Passes over one line's end, if it is there. */
  private void endLine() {
    if (at < text.length && text[at] == '\r') {
      at++;
      at += at < text.length && text[at] == '\n' ? 1 : 0;
      line++;
    } else if (at < text.length && text[at] == '\n') {
      at++;
      line++;
    }
  }

  /** Goes to the next record that is no blank line; returns false at the end. */
  boolean next() {
    boolean blank = false;
    while (at < text.length) {
      recordLine = line;
      record();
      if (cells > 1 || starts[0] < ends[0]) {
        if (blank && cells == 1) { // in a table of one column it is a value that is missing
          throw new FormatException(name + ": there is an empty line before line " + recordLine);
        }
        return true;
      }
      blank = true;
    }
    return false;
  }

  private void record() {
    cells = 0;
    cell();
    while (at < text.length && text[at] == separator) {
      at++;
      cell();
    }
    endLine();
  }

  /** Takes one cell without the blanks around it; of a quoted one, what is in the quotes. */
  private void cell() {
    if (cells == starts.length) {
      starts = Arrays.copyOf(starts, 2 * cells);
      ends = Arrays.copyOf(ends, 2 * cells);
    }
    while (at < text.length && isBlank(text[at])) {
      at++;
    }
    if (at < text.length && text[at] == QUOTE) {
      quoted();
      return;
    }
    starts[cells] = at;
    while (at < text.length && text[at] != separator && !isLineEnd(text[at])) {
      at++;
    }
    int end = at;
    while (end > starts[cells] && isBlank(text[end - 1])) {
      end--;
    }
    ends[cells++] = end;
  }

  private boolean isBlank(byte b) {
    return (b == ' ' || b == '\t') && b != separator;
  }

  /** A doubled quote stays doubled: no number and no name that counts has one. */
  private void quoted() {
    starts[cells] = ++at;
    while (true) {
      if (at == text.length) {
        throw new FormatException(name + ": a quote in line " + recordLine + " is never closed");
      }
      if (text[at] == QUOTE) {
        if (at + 1 == text.length || text[at + 1] != QUOTE) {
          break;
        }
        at++;
      }
      int before = at;
      endLine();
      at += at == before ? 1 : 0;
    }
    int end = at++;
    while (at < text.length && isBlank(text[at])) {
      at++;
    }
    if (at < text.length && text[at] != separator && !isLineEnd(text[at])) {
      throw new FormatException(
          name + ": line " + line + ", column " + (cells + 1) + " goes on after its closing quote");
    }
    while (starts[cells] < end && isBlank(text[starts[cells]])) {
      starts[cells]++;
    }
    while (end > starts[cells] && isBlank(text[end - 1])) {
      end--;
    }
    ends[cells++] = end;
  }

  /** Names the file in messages. */
  String name() {
    return name;
  }

  /** Returns the number of the line in which the record begins, from 1. */
  int line() {
    return recordLine;
  }

  /** Returns how many cells the record has. */
  int cells() {
    return cells;
  }

  /** Returns a cell. */
  String cell(int column) {
    return new String(text, starts[column], ends[column] - starts[column], StandardCharsets.UTF_8);
  }

  /** Returns a cell's number, NaN if it is none that a float can hold. */
  double valueOf(int column) {
    int start = starts[column];
    int end = ends[column];
    int whole = 0;
    for (int i = start; i < end && end - start < 10; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return decimal(cell(column));
      }
      whole = 10 * whole + digit;
    }
    return start < end && end - start < 10 ? whole : decimal(cell(column));
  }

  /** Java would also take 1d, 0x1p3 and Infinity. */
  private static double decimal(String cell) {
    for (int i = 0; i < cell.length(); i++) {
      if ("0123456789+-.eE".indexOf(cell.charAt(i)) < 0) {
        return Double.NaN;
      }
    }
    try {
      double value = Double.parseDouble(cell);
      return Float.isFinite((float) value) ? value : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN; // told by the caller, as whatever else is none
    }
  }

  /**
   * Returns a cell's number.
   *
   * @throws FormatException naming line and column if it is none
   */
  double number(int column) {
    double value = valueOf(column);
    if (Double.isNaN(value)) {
      throw refused(column, "is no number: " + shown(column) + hint(cell(column)));
    }
    return value;
  }

  private String hint(String cell) {
    if (cell.matches("[+-]?\\d+,\\d+")) {
      return "; a decimal comma? a point is read";
    }
    // Possessive: a greedy group takes a stack frame a number, and there may be a whole row of
    // them.
    return cell.matches("[-+.eE\\d]++(?: ++[-+.eE\\d]++)++")
        ? "; cells are told apart by commas, semicolons or tabs, not by blanks"
        : "";
  }

  /** Returns a cell for a message: cut, and without what a terminal would obey. */
  String shown(int column) {
    String cell = cell(column).replaceAll("\\p{Cntrl}", "?");
    return "'" + (cell.length() > SHOWN ? cell.substring(0, SHOWN) + "..." : cell) + "'";
  }

  /** Returns the exception for a cell. */
  FormatException refused(int column, String what) {
    return new FormatException(
        name + ": line " + recordLine + ", column " + (column + 1) + " " + what);
  }
}
