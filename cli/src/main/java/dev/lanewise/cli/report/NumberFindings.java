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
    List<String> heads = List.of("share of test values", "at most");
    try (HtmlTable table = new HtmlTable(page, "What is predicted too much", heads)) {
      for (int percent : new int[] {0, 5, 25, 50, 75, 95, 100}) {
        int at = (int) Math.round(percent / 100.0 * (sorted.length - 1));
        table.row(percent + " %", List.of(HtmlReport.number(sorted[at])));
      }
    }
  }

  private void outputs(StringBuilder page) {
    page.append("<section><h2>Outputs</h2>\n");
    String caption = "Share of each output's variance that is predicted";
    try (HtmlTable table = new HtmlTable(page, caption, List.of("output", "R2"))) {
      for (int i = 0; i < Math.min(predictions.width(), WORST); i++) {
        table.row(Integer.toString(i), List.of(share(predictions.r2(i))));
      }
    }
    page.append("</section>\n");
  }

  private void worst(StringBuilder page) {
    page.append("<section><h2>Largest errors</h2>\n");
    String place = predictions.width() == 1 ? "row" : "row, output";
    List<String> heads = List.of(place, "true", "predicted", "error");
    try (HtmlTable table = new HtmlTable(page, "Test values by error", heads)) {
      for (int i : predictions.worst(WORST)) {
        String where = Integer.toString(i / predictions.width());
        table.row(
            predictions.width() == 1 ? where : where + ", " + i % predictions.width(),
            List.of(
                HtmlReport.number(predictions.truth()[i]),
                HtmlReport.number(predictions.predicted()[i]),
                HtmlReport.number(predictions.residual(i))));
      }
    }
    page.append("</section>\n");
  }

  @Override
  public String target(Dataset data, int sample) {
    return HtmlReport.number(Predictions.target(data, sample, 0, predictions.width()));
  }
}
