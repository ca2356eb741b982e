package dev.lanewise.cli.report;

import java.util.Locale;

/**
 * A plot written as SVG in the page's own colours, which needs no font of the system that writes
 * it: a frame with its least and largest values, in which points are put.
 *
 * @param least the least value on the axis along
 * @param largest the largest
 * @param floor the least value upwards
 * @param ceiling the largest
 */
record PlotArea(double least, double largest, double floor, double ceiling) {
  private static final double LEFT = 60;
  private static final double TOP = 10;
  private static final double WIDTH = 340;
  private static final double HEIGHT = 260;

  double x(double value) {
    return LEFT + WIDTH * share(value, least, largest);
  }

  double y(double value) {
    return TOP + HEIGHT * (1 - share(value, floor, ceiling));
  }

  private static double share(double value, double from, double to) {
    return to > from ? (value - from) / (to - from) : 0.5;
  }

  /**
   * Returns the plot.
   *
   * @param alternative what is to be seen, in words
   * @param along the name of the axis along
   * @param upwards the name of the axis upwards
   * @param marks what is drawn in the frame
   */
  String svg(String alternative, String along, String upwards, CharSequence marks) {
    return "<svg class=\"plot\" viewBox=\"0 0 410 320\" width=\"410\" height=\"320\" role=\"img\""
        + " aria-label=\""
        + alternative
        + "\"><rect class=\"frame\" x=\"60\" y=\"10\" width=\"340\" height=\"260\"/>"
        + marks
        + text(LEFT, TOP + HEIGHT + 16, "start", tick(least))
        + text(LEFT + WIDTH, TOP + HEIGHT + 16, "end", tick(largest))
        + text(LEFT + WIDTH / 2, TOP + HEIGHT + 36, "middle", along)
        + text(LEFT - 6, TOP + HEIGHT, "end", tick(floor))
        + text(LEFT - 6, TOP + 10, "end", tick(ceiling))
        + text(LEFT - 6, TOP + HEIGHT / 2, "end", upwards)
        + "</svg>\n";
  }

  private static String text(double x, double y, String anchor, String words) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x,
        y,
        anchor,
        words);
  }

  private static String tick(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3g", value);
  }
}
