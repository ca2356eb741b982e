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

  /** A digit of fewer characters a row cannot be told from others. */
  private static final int LEAST_WIDTH = 12;

  private HalfBlocks() {}

  /**
   * Returns the pictures in lines that a terminal has room for: narrowed as far as they can still
   * be recognized, then with fewer beside one another.
   *
   * @param columns pictures beside one another, at most
   * @param width characters a line
   * @param colour whether the terminal has colour
   */
  public static String within(List<Tile> tiles, int columns, int width, boolean colour) {
    int room = Math.max(LEAST_WIDTH, width / columns - 1);
    List<Tile> narrowed = tiles.stream().map(tile -> tile.narrowed(room)).toList();
    int widest = narrowed.stream().mapToInt(HalfBlocks::width).max().orElse(1);
    return of(narrowed, Math.clamp(width / (widest + 1), 1, columns), colour);
  }

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
      titles.append(centred(tile.title(), width(tile))).append(' ');
      height = Math.max(height, tile.rows());
    }
    text.append(titles.toString().stripTrailing()).append('\n');
    for (int y = 0; y < height; y += 2) {
      StringBuilder line = new StringBuilder();
      for (Tile tile : tiles) {
        int before = (width(tile) - tile.columns()) / 2;
        line.append(" ".repeat(before));
        for (int x = 0; x < tile.columns(); x++) {
          cell(line, level(tile, y, x), level(tile, y + 1, x), colour);
        }
        line.append(colour ? "\u001b[0m" : "")
            .append(" ".repeat(width(tile) - tile.columns() - before + 1));
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

  /** Titles are never cut. */
  private static int width(Tile tile) {
    return Math.max(tile.columns(), tile.title().length());
  }

  private static String centred(String title, int width) {
    int before = (width - title.length()) / 2;
    return " ".repeat(before) + title + " ".repeat(width - before - title.length());
  }
}
