package dev.lanewise.cli.picture;

import java.util.List;

/**
 * Titled pictures for a terminal: a character holds two pixels, one above the other, in grey levels
 * where there is colour; without, one of five shades for the mean of the two.
 */
public final class HalfBlocks {
  private static final String SHADES = " ░▒▓█";

  /** Grey levels of the 256 colours that terminals share: 232 is nearly black, 255 nearly white. */
  private static final int FIRST_GREY = 232;

  private static final int GREYS = 24;

  private HalfBlocks() {}

  /**
   * Returns the pictures in lines.
   *
   * @param columns pictures beside one another
   * @param colour whether the terminal has colour
   */
  public static String of(List<Tile> tiles, int columns, boolean colour) {
    StringBuilder text = new StringBuilder();
    for (int first = 0; first < tiles.size(); first += columns) {
      row(text, tiles.subList(first, Math.min(first + columns, tiles.size())), colour);
    }
    return text.toString();
  }

  private static void row(StringBuilder text, List<Tile> tiles, boolean colour) {
    StringBuilder titles = new StringBuilder();
    int height = 0;
    for (Tile tile : tiles) {
      titles.append(centred(tile.title(), tile.columns())).append(' ');
      height = Math.max(height, tile.rows());
    }
    text.append(titles.toString().stripTrailing()).append('\n');
    for (int y = 0; y < height; y += 2) {
      StringBuilder line = new StringBuilder();
      for (Tile tile : tiles) {
        for (int x = 0; x < tile.columns(); x++) {
          cell(line, level(tile, y, x), level(tile, y + 1, x), colour);
        }
        line.append(colour ? "\u001b[0m " : " ");
      }
      text.append(colour ? line.toString() : line.toString().stripTrailing()).append('\n');
    }
  }

  private static void cell(StringBuilder line, int upper, int lower, boolean colour) {
    if (colour) {
      line.append("\u001b[38;5;")
          .append(grey(upper))
          .append(";48;5;")
          .append(grey(lower))
          .append("m▀");
    } else {
      line.append(SHADES.charAt(Math.round((upper + lower) * (SHADES.length() - 1) / 510f)));
    }
  }

  private static int grey(int level) {
    return FIRST_GREY + level * (GREYS - 1) / 255;
  }

  private static int level(Tile tile, int row, int column) {
    return row < tile.rows() ? tile.level(row, column) : 0;
  }

  private static String centred(String title, int width) {
    String shown = title.length() > width ? title.substring(0, width) : title;
    int before = (width - shown.length()) / 2;
    return " ".repeat(before) + shown + " ".repeat(width - before - shown.length());
  }
}
