package dev.lanewise.cli.report;

import java.util.Locale;

/**
 * Predicted numbers against true ones, with the line on which they would be equal.
 *
 * @param predictions both
 */
record ScatterPlot(Predictions predictions) {
  /** More points hide each other, and make the page long. */
  private static final int MOST = 2000;

  String svg() {
    float[] truth = predictions.truth();
    float[] predicted = predictions.predicted();
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < truth.length; i++) {
      least = Math.min(least, Math.min(truth[i], predicted[i]));
      largest = Math.max(largest, Math.max(truth[i], predicted[i]));
    }
    PlotArea area = new PlotArea(least, largest, least, largest);
    StringBuilder marks = new StringBuilder();
    marks.append(
        String.format(
            Locale.ROOT,
            "<line class=\"equal\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
            area.x(least),
            area.y(least),
            area.x(largest),
            area.y(largest)));
    int step = Math.ceilDiv(truth.length, MOST);
    for (int i = 0; i < truth.length; i += step) {
      marks.append(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>",
              area.x(truth[i]),
              area.y(predicted[i])));
    }
    String words =
        "Predicted numbers against true ones"
            + (step == 1 ? "" : ", one of " + step)
            + ", and the line on which they are equal; R2 "
            + NumberFindings.share(predictions.r2());
    return area.svg(words, "true", "predicted", marks)
        + (step == 1 ? "" : "<p>One of " + step + " test values is drawn.</p>");
  }
}
