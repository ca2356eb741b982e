package dev.lanewise.spark;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A search as one page: a table, the best first, and a curve of the objective for each setting. */
final class SearchPage {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 320;
  private static final int MARGIN = 48;

  private final SearchResult result;

  SearchPage(SearchResult result) {
    this.result = result;
  }

  String html() {
    return format(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Lanewise search</title>
        <style>
        body { font: 14px sans-serif; margin: 2em; }
        td, th { padding: .2em .8em; text-align: right; border-bottom: 1px solid #ddd; }
        </style></head><body>
        <h1>%s of %d settings</h1>
        %s
        <table>
        %s</table>
        </body></html>
        """,
        text(result.objective()), result.trials().size(), curves(), rows());
  }

  private String rows() {
    List<Trial> trials = result.trials();
    StringBuilder rows = new StringBuilder("<tr><th>trial</th>");
    trials.getFirst().setting().keySet().forEach(n -> cell(rows, "th", n));
    rows.append("<th>epochs</th>");
    cell(rows, "th", result.objective());
    rows.append("</tr>\n");
    for (Trial each : trials) {
      rows.append("<tr>");
      cell(rows, "td", String.valueOf(each.number()));
      each.setting().values().forEach(v -> cell(rows, "td", format("%.6g", v)));
      cell(rows, "td", String.valueOf(each.epochs()));
      String failure = each.failure();
      cell(rows, "td", failure != null ? failure : format("%.6f", each.last(result.objective())));
      rows.append("</tr>\n");
    }
    return rows.toString();
  }

  private static void cell(StringBuilder to, String tag, String content) {
    to.append('<').append(tag).append('>').append(text(content));
    to.append("</").append(tag).append('>');
  }

  private static String text(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private String curves() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int epochs = 1;
    for (Trial each : result.trials()) {
      for (double value : values(each)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      epochs = Math.max(epochs, each.epochs());
    }
    StringBuilder svg = new StringBuilder();
    svg.append(format("<svg width=\"%d\" height=\"%d\" role=\"img\">%n", WIDTH, HEIGHT));
    if (low <= high) {
      axes(svg, low, high, epochs);
      for (int i = result.trials().size() - 1; i >= 0; i--) { // the best on top
        curve(svg, result.trials().get(i), i, low, high, epochs);
      }
    }
    return svg.append("</svg>").toString();
  }

  private List<Double> values(Trial trial) {
    Map<String, List<Double>> series = trial.history().history();
    return series.getOrDefault(result.objective(), List.of());
  }

  private static void axes(StringBuilder svg, double low, double high, int epochs) {
    label(svg, 4, MARGIN, format("%.4g", high));
    label(svg, 4, HEIGHT - MARGIN, format("%.4g", low));
    label(svg, MARGIN, HEIGHT - MARGIN / 3, "epoch 1");
    label(svg, WIDTH - 2 * MARGIN, HEIGHT - MARGIN / 3, "epoch " + epochs);
  }

  private static void label(StringBuilder svg, int x, int y, String text) {
    svg.append(format("<text x=\"%d\" y=\"%d\" font-size=\"11\">%s</text>%n", x, y, text));
  }

  private void curve(
      StringBuilder svg, Trial trial, int place, double low, double high, int epochs) {
    StringBuilder points = new StringBuilder();
    List<Double> values = values(trial);
    for (int e = 0; e < values.size(); e++) {
      double x = MARGIN + (WIDTH - 2.0 * MARGIN) * e / Math.max(1, epochs - 1);
      double share = high > low ? (values.get(e) - low) / (high - low) : 0.5;
      double y = HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * share;
      points.append(format("%.1f,%.1f ", x, y));
    }
    String colour = place == 0 ? "#c2410c" : "#94a3b8";
    svg.append(
        format(
            "<polyline fill=\"none\" stroke=\"%s\" points=\"%s\"><title>trial"
                + " %d</title></polyline>%n",
            colour, points.toString().strip(), trial.number()));
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is of a library that is not here
  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
