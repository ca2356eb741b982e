package dev.lanewise.cli.report;

import static dev.lanewise.cli.picture.Markup.escaped;

import dev.lanewise.cli.picture.Tile;

/** A sample in a list of tiles. */
final class SamplePicture {
  private static final int SIDE = 84;

  private SamplePicture() {}

  /** Shown at 84 pixels, a sample of any size takes little room in the page. */
  static void append(StringBuilder page, Tile tile, String alternative) {
    page.append("<li><img width=\"84\" height=\"84\" src=\"")
        .append(tile.within(2 * SIDE).dataUri())
        .append("\" alt=\"")
        .append(escaped(alternative))
        .append("\"><span>")
        .append(escaped(tile.title()))
        .append("</span></li>\n");
  }
}
