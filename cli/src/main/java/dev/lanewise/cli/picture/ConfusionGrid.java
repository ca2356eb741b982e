package dev.lanewise.cli.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;

/**
 * A confusion matrix as a picture: true classes downwards, what they were called to the right. The
 * colour of a cell is its share of the class's samples.
 *
 * @param counts by true class, then by predicted class
 */
@SuppressWarnings("ArrayRecordComponent") // drawn, never compared
public record ConfusionGrid(int[][] counts) {
  private static final int CELL = 36;
  private static final int MARGIN = 48;
  private static final int GAP = 12;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color FULL = new Color(31, 119, 180);

  /**
   * Returns the picture as a PNG file.
   *
   * @throws NoFontsException if the system has no font
   */
  public byte[] png() {
    int side = MARGIN + counts.length * CELL + GAP;
    return new Canvas(side, side, this::draw).png();
  }

  private void draw(Graphics2D graphics) {
    graphics.setFont(FONT);
    int inside = counts.length * CELL;
    graphics.setColor(Color.BLACK);
    write(graphics, "predicted", MARGIN, GAP, inside);
    graphics.rotate(-Math.PI / 2);
    write(graphics, "true", -MARGIN - inside, GAP, inside);
    graphics.rotate(Math.PI / 2);
    for (int c = 0; c < counts.length; c++) {
      int at = MARGIN + c * CELL;
      write(graphics, Integer.toString(c), at, MARGIN - CELL / 3, CELL);
      write(graphics, Integer.toString(c), MARGIN - CELL, at + CELL / 2, CELL);
      row(graphics, c, at);
    }
  }

  private void row(Graphics2D graphics, int label, int top) {
    int all = 0;
    for (int count : counts[label]) {
      all += count;
    }
    for (int p = 0; p < counts.length; p++) {
      int left = MARGIN + p * CELL;
      double share = all == 0 ? 0 : (double) counts[label][p] / all;
      graphics.setColor(mixed(share));
      graphics.fillRect(left, top, CELL, CELL);
      graphics.setColor(share > 0.5 ? Color.WHITE : Color.BLACK);
      write(graphics, Integer.toString(counts[label][p]), left, top + CELL / 2, CELL);
    }
  }

  private static Color mixed(double share) {
    return new Color(
        mixed(FULL.getRed(), share), mixed(FULL.getGreen(), share), mixed(FULL.getBlue(), share));
  }

  private static int mixed(int full, double share) {
    return (int) Math.round(255 + (full - 255) * share);
  }

  /** In the middle of a width, and of a height's middle. */
  private static void write(Graphics2D graphics, String text, int left, int middle, int width) {
    FontMetrics metrics = graphics.getFontMetrics();
    graphics.drawString(
        text,
        left + (width - metrics.stringWidth(text)) / 2,
        middle + (metrics.getAscent() - metrics.getDescent()) / 2);
  }
}
