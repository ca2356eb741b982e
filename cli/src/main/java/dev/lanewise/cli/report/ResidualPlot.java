package dev.lanewise.cli.report;

import java.util.Arrays;
import java.util.Locale;

/**
 * How often residuals are how large.
 *
 * @param residuals in ascending order
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record ResidualPlot(double[] residuals) {
  private static final int BARS = 31;

  String svg() {
    double largest = Math.max(-residuals[0], residuals[residuals.length - 1]);
    double reach = largest > 0 ? largest : 1;
    int[] counts = new int[BARS];
    for (double residual : residuals) {
      double share = (residual + reach) / (2 * reach);
      counts[Math.clamp((int) (share * BARS), 0, BARS - 1)]++;
    }
    int most = Arrays.stream(counts).max().orElse(1);
    PlotArea area = new PlotArea(-reach, reach, 0, most);
    StringBuilder marks = new StringBuilder();
    double width = (area.x(reach) - area.x(-reach)) / BARS;
    for (int i = 0; i < BARS; i++) {
      marks.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
              area.x(-reach) + i * width,
              area.y(counts[i]),
              width,
              area.y(0) - area.y(counts[i])));
    }
    String words =
        "How often a residual is how large, from "
            + HtmlReport.number(residuals[0])
            + " to "
            + HtmlReport.number(residuals[residuals.length - 1]);
    return area.svg(words, "predicted minus true", "count", marks);
  }
}
