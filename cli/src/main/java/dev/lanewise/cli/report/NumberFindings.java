package dev.lanewise.cli.report;

import dev.lanewise.engine.data.Dataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model of numbers did: predicted against true, residuals, and the largest errors.
 *
 * @param predictions what it said of the test set
 */
record NumberFindings(Predictions predictions) implements Findings {
  private static final int WORST = 24;

  @Override
  public Map<String, String> figures() {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("MAE", HtmlReport.number(predictions.meanAbsoluteError()));
    figures.put("RMSE", HtmlReport.number(predictions.rootMeanSquaredError()));
    figures.put("R2", share(predictions.r2()));
    return figures;
  }

  /** Of targets that are all the same there is no variance to predict. */
  static String share(double r2) {
    return Double.isNaN(r2) ? "undefined" : HtmlReport.number(r2);
  }

  @Override
  public void appendTo(StringBuilder page) {
    page.append("<section><h2>Predicted against true</h2>\n");
    page.append(new ScatterPlot(predictions).svg()).append("</section>\n");
    page.append("<section><h2>Residuals</h2>\n");
    page.append(new ResidualPlot(predictions.sortedResiduals()).svg());
    quantiles(page);
    page.append("</section>\n");
    if (predictions.width() > 1) {
      outputs(page);
    }
    worst(page);
  }

  private void quantiles(StringBuilder page) {
    double[] sorted = predictions.sortedResiduals();
    table(page, "What is predicted too much", List.of("share of test values", "at most"));
    for (int percent : new int[] {0, 5, 25, 50, 75, 95, 100}) {
      int at = (int) Math.round(percent / 100.0 * (sorted.length - 1));
      row(page, percent + " %", List.of(HtmlReport.number(sorted[at])));
    }
    page.append("</tbody></table></div>");
  }

  private void outputs(StringBuilder page) {
    page.append("<section><h2>Outputs</h2>\n");
    table(page, "Share of each output's variance that is predicted", List.of("output", "R2"));
    for (int i = 0; i < Math.min(predictions.width(), WORST); i++) {
      row(page, Integer.toString(i), List.of(share(predictions.r2(i))));
    }
    page.append("</tbody></table></div></section>\n");
  }

  private void worst(StringBuilder page) {
    page.append("<section><h2>Largest errors</h2>\n");
    String place = predictions.width() == 1 ? "row" : "row, output";
    table(page, "Test values by error", List.of(place, "true", "predicted", "error"));
    for (int i : predictions.worst(WORST)) {
      String where = Integer.toString(i / predictions.width());
      row(
          page,
          predictions.width() == 1 ? where : where + ", " + i % predictions.width(),
          List.of(
              HtmlReport.number(predictions.truth()[i]),
              HtmlReport.number(predictions.predicted()[i]),
              HtmlReport.number(predictions.residual(i))));
    }
    page.append("</tbody></table></div></section>\n");
  }

  private static void table(StringBuilder page, String caption, List<String> heads) {
    page.append("<div class=\"wide\"><table><caption>").append(caption).append("</caption><thead>");
    page.append("<tr>");
    heads.forEach(name -> page.append("<th scope=\"col\">").append(name).append("</th>"));
    page.append("</tr></thead><tbody>\n");
  }

  private static void row(StringBuilder page, String head, List<String> values) {
    page.append("<tr><th scope=\"row\">").append(head).append("</th>");
    values.forEach(value -> page.append("<td>").append(value).append("</td>"));
    page.append("</tr>\n");
  }

  @Override
  public String target(Dataset data, int sample) {
    return HtmlReport.number(Predictions.target(data, sample, 0, predictions.width()));
  }
}
