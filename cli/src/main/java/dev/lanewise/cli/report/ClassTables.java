package dev.lanewise.cli.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The parts of a report that grow with the classes: whole for a few, and the worst of many, so that
 * a page stays one that a browser opens.
 *
 * @param scores of the test set
 */
record ClassTables(Scores scores) {
  /** A matrix of more cells is read by nobody. */
  private static final int MOST_IN_MATRIX = 40;

  private static final int MOST_ROWS = 100;

  void appendTo(StringBuilder page) {
    perClass(page);
    if (scores.classes() <= MOST_IN_MATRIX) {
      confusion(page);
    } else {
      frequent(page);
    }
  }

  private void perClass(StringBuilder page) {
    boolean all = scores.classes() <= MOST_ROWS;
    String which = all ? "" : ", the " + MOST_ROWS + " worst of " + scores.classes();
    List<Integer> shown =
        all
            ? IntStream.range(0, scores.classes()).boxed().toList()
            : scores.worst().stream().limit(MOST_ROWS).toList();
    page.append("<section><h2>Classes</h2>\n");
    try (HtmlTable table =
        new HtmlTable(
            page,
            "Precision, recall and F1 on the test set" + which,
            List.of("class", "precision", "recall", "F1", "samples"))) {
      for (int c : shown) {
        table.row(
            Integer.toString(c),
            List.of(
                HtmlReport.number(scores.precision(c)),
                HtmlReport.number(scores.recall(c)),
                HtmlReport.number(scores.f1(c)),
                Integer.toString(scores.support(c))));
      }
    }
    page.append("</section>\n");
  }

  private static void heads(StringBuilder page, List<String> names) {
    names.forEach(name -> page.append("<th scope=\"col\">").append(name).append("</th>"));
    page.append("</tr></thead><tbody>\n");
  }

  /** Mistakes are coloured by their share of the largest count of mistakes, the diagonal apart. */
  private void confusion(StringBuilder page) {
    int[][] counts = scores.matrix();
    int most = scores.confusions().isEmpty() ? 1 : scores.confusions().getFirst().count();
    page.append("<section><h2>Confusion</h2>\n<div class=\"wide\"><table class=\"confusion\">")
        .append(
            "<caption>Test samples by true class (rows) and predicted class (columns)</caption>")
        .append("<thead><tr><th scope=\"col\">true</th>");
    heads(page, IntStream.range(0, counts.length).mapToObj(Integer::toString).toList());
    for (int t = 0; t < counts.length; t++) {
      page.append("<tr><th scope=\"row\">").append(t).append("</th>");
      for (int p = 0; p < counts.length; p++) {
        String style =
            t == p
                ? " class=\"right\""
                : String.format(
                    Locale.ROOT, " style=\"--heat:%.2f\"", Math.sqrt((double) counts[t][p] / most));
        page.append("<td").append(style).append('>').append(counts[t][p]).append("</td>");
      }
      page.append("</tr>\n");
    }
    page.append("</tbody></table></div></section>\n");
  }

  private void frequent(StringBuilder page) {
    page.append("<section><h2>Confusion</h2>\n");
    try (HtmlTable table =
        new HtmlTable(
            page,
            "The most frequent mistakes among " + scores.classes() + " classes",
            List.of("true", "predicted", "samples"))) {
      for (Scores.Confusion confusion : scores.confusions().stream().limit(MOST_ROWS).toList()) {
        table.row(
            Integer.toString(confusion.label()),
            List.of(Integer.toString(confusion.predicted()), Integer.toString(confusion.count())));
      }
    }
    page.append("</section>\n");
  }
}
