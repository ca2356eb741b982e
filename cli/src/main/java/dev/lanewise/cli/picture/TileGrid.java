package dev.lanewise.cli.picture;

import dev.lanewise.engine.data.FormatException;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Titled pictures in rows and columns, as the Keras notebook shows its digits.
 *
 * @param tiles row by row; the last row may have fewer
 * @param columns tiles a row
 */
public record TileGrid(List<Tile> tiles, int columns) {
  private static final int CELL = 84;
  private static final int TITLE = 20;
  private static final int GAP = 12;

  /** More than any common font takes for most letters, since nobody measures text for an SVG. */
  private static final int CHARACTER = 8;

  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

  /** Makes the list unmodifiable. */
  public TileGrid {
    tiles = List.copyOf(tiles);
  }

  /** Wide enough for every title. */
  private int cellWidth() {
    int longest = tiles.stream().mapToInt(tile -> tile.title().length()).max().orElse(0);
    return Math.max(CELL, CHARACTER * longest);
  }

  private int width() {
    return GAP + columns * (cellWidth() + GAP);
  }

  private int height() {
    return GAP + Math.ceilDiv(tiles.size(), columns) * (TITLE + CELL + GAP);
  }

  private int middle(int index) {
    return GAP + index % columns * (cellWidth() + GAP) + cellWidth() / 2;
  }

  private int top(int index) {
    return GAP + index / columns * (TITLE + CELL + GAP);
  }

  /** Returns where a picture goes: as large as its cell allows, with square pixels. */
  private Rectangle place(int index) {
    Tile tile = tiles.get(index);
    int longer = Math.max(tile.rows(), tile.columns());
    int wide = Math.max(1, CELL * tile.columns() / longer);
    int high = Math.max(1, CELL * tile.rows() / longer);
    return new Rectangle(
        middle(index) - wide / 2, top(index) + TITLE + (CELL - high) / 2, wide, high);
  }

  /**
   * Returns the grid in the format that a file's name ends with.
   *
   * @throws FormatException if that is neither .png nor .svg
   */
  public byte[] bytesFor(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".svg")
        ? svg().getBytes(StandardCharsets.UTF_8)
        : new Canvas(width(), height(), this::draw).bytesFor(file);
  }

  private void draw(Graphics2D graphics) {
    graphics.setFont(FONT);
    // Each pixel stays a square.
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    for (int i = 0; i < tiles.size(); i++) {
      Tile tile = tiles.get(i);
      graphics.setColor(Color.BLACK);
      int textWidth = graphics.getFontMetrics().stringWidth(tile.title());
      graphics.drawString(tile.title(), middle(i) - textWidth / 2, top(i) + TITLE - 6);
      Rectangle place = place(i);
      graphics.drawImage(tile.image(), place.x, place.y, place.width, place.height, null);
    }
  }

  /** Returns the grid as SVG; a browser sets the titles, so that no font is needed here. */
  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %2$d\" width=\"%1$d\""
                + " height=\"%2$d\">\n",
            width(),
            height()));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    svg.append("<g font-family=\"sans-serif\" font-size=\"14\" text-anchor=\"middle\">\n");
    for (int i = 0; i < tiles.size(); i++) {
      Tile tile = tiles.get(i);
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\">%s</text>\n",
              middle(i),
              top(i) + TITLE - 6,
              Markup.escaped(tile.title())));
      Rectangle place = place(i);
      svg.append(
          String.format(
                  Locale.ROOT,
                  "<image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\""
                      + " style=\"image-rendering:pixelated\"",
                  place.x,
                  place.y,
                  place.width,
                  place.height)
              + " href=\""
              + tile.dataUri()
              + "\"/>\n");
    }
    return svg.append("</g>\n</svg>\n").toString();
  }
}
