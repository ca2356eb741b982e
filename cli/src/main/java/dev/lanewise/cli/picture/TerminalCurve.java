package dev.lanewise.cli.picture;

import java.util.List;
import java.util.Locale;

/** One or two curves for a terminal, in braille characters of 2 x 4 dots. */
public final class TerminalCurve {
  private static final int COLUMNS = 40;
  private static final int LINES = 6;

  /** Bits of the dots of a braille character, by row and column. */
  private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

  private static final char EMPTY = '\u2800';

  private TerminalCurve() {}

  /**
   * Returns curves in lines, the largest value at the top.
   *
   * @param title printed above
   * @param curves values at equal distances, at least one in each; infinite and missing ones left
   *     out
   */
  public static String of(String title, List<List<Double>> curves) {
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (List<Double> curve : curves) {
      for (double value : curve) {
        if (Double.isFinite(value)) {
          least = Math.min(least, value);
          largest = Math.max(largest, value);
        }
      }
    }
    int[][] cells = new int[LINES][COLUMNS];
    for (List<Double> curve : curves) {
      draw(cells, curve, least, largest > least ? largest - least : 1);
    }
    StringBuilder text = new StringBuilder(title).append('\n');
    for (int line = 0; line < LINES; line++) {
      String edge = line == 0 ? number(largest) : line == LINES - 1 ? number(least) : "";
      text.append(" ".repeat(Math.max(0, 8 - edge.length()))).append(edge).append(" ");
      for (int cell : cells[line]) {
        text.append((char) (EMPTY + cell));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    // At most the eight characters that stand before the curve.
    boolean fits = value == 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 100);
    return String.format(Locale.ROOT, fits ? "%.4f" : "%.1e", value);
  }

  /** Sets a dot in every column of dots, on the straight line between the values beside it. */
  private static void draw(int[][] cells, List<Double> curve, double least, double range) {
    int width = 2 * COLUMNS;
    int height = 4 * LINES;
    for (int x = 0; x < width; x++) {
      double at = (double) x * (curve.size() - 1) / (width - 1);
      int before = (int) at;
      int after = Math.min(before + 1, curve.size() - 1);
      double value = curve.get(before) + (at - before) * (curve.get(after) - curve.get(before));
      if (Double.isFinite(value)) {
        int y = (int) Math.round((1 - (value - least) / range) * (height - 1));
        cells[y / 4][x / 2] |= DOTS[y % 4][x % 2];
      }
    }
  }
}
