package dev.lanewise.cli.report;

import static dev.lanewise.cli.picture.Markup.escaped;

import dev.lanewise.cli.picture.Canvas;
import dev.lanewise.cli.picture.Curves;
import dev.lanewise.cli.picture.NoFontsException;
import dev.lanewise.cli.picture.Tile;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.engine.data.Dataset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One page that holds all of a run: nothing is fetched when it is read, and everything that is
 * shown is told in words or numbers too.
 */
public final class HtmlReport {
  private static final int SAMPLES = 36;

  private final RunRecord run;
  private final Findings findings;
  private final Dataset training;
  private final String pad;
  private final List<String> plots;
  private final StringBuilder page = new StringBuilder();

  private HtmlReport(
      RunRecord run, Findings findings, Dataset training, String pad, List<String> plots) {
    this.run = run;
    this.findings = findings;
    this.training = training;
    this.pad = pad;
    this.plots = plots;
  }

  /**
   * Returns the page.
   *
   * @param findings what the model's answers to the test set show
   * @param training the training samples, for the grid
   * @param pad a section on which to draw, empty if there is none
   */
  static String of(RunRecord run, Findings findings, Dataset training, String pad) {
    List<String> plots;
    try {
      plots =
          Curves.each(List.of(new Curves.Run("", run.history()))).stream()
              .map(Canvas::svg)
              .toList();
    } catch (NoFontsException e) {
      plots = List.of();
    }
    return of(run, findings, training, pad, plots);
  }

  /** Returns the page with these drawings, none if none could be made. */
  static String of(
      RunRecord run, Findings findings, Dataset training, String pad, List<String> plots) {
    return new HtmlReport(run, findings, training, pad, plots).page();
  }

  private String page() {
    page.append(head());
    header();
    page.append(pad);
    curves();
    findings.appendTo(page);
    samples();
    facts("Settings", run.settings());
    facts("Machine", run.environment());
    timings();
    page.append("<footer><p>To repeat the run:</p><pre><code>")
        .append(escaped("java -jar cli.jar " + run.command()))
        .append("</code></pre><p>SHA-256 of the weights: <code class=\"hash\">")
        .append(escaped(run.weightsSha256()))
        .append("</code></p></footer>\n</main>\n</body>\n</html>\n");
    return page.toString();
  }

  private static String head() {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Training report</title>
    <style>
    """
        + PagePart.text("report.css")
        + "</style>\n</head>\n<body>\n";
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private void header() {
    page.append("<header><h1>Training report</h1>\n<dl class=\"result\">");
    run.test()
        .forEach(
            (name, value) ->
                page.append("<div><dt>test ")
                    .append(escaped(name))
                    .append("</dt><dd>")
                    .append(number(value))
                    .append("</dd></div>"));
    findings
        .figures()
        .forEach(
            (name, value) ->
                page.append("<div><dt>")
                    .append(name)
                    .append("</dt><dd>")
                    .append(value)
                    .append("</dd></div>"));
    page.append("</dl></header>\n<main>\n");
  }

  /** Where no curves could be drawn, the numbers are in sight from the start. */
  private void curves() {
    page.append("<section><h2>Curves</h2>\n");
    if (plots.isEmpty()) {
      page.append("<p>Not drawn: the system that wrote this page has no font.</p>\n");
      epochs();
    } else {
      page.append("<figure class=\"chart\" role=\"img\" aria-label=\"")
          .append(escaped(curvesInWords()))
          .append("\">");
      for (int i = 0; i < plots.size(); i++) {
        page.append(inPage(plots.get(i), "plot" + i + "-"));
      }
      page.append("</figure>\n<details><summary>The same in numbers</summary>\n");
      epochs();
      page.append("</details>");
    }
    page.append("</section>\n");
  }

  private void epochs() {
    page.append("<div class=\"wide\"><table><caption>Reported values by epoch</caption><thead><tr>")
        .append("<th scope=\"col\">epoch</th>");
    for (String name : run.history().history().keySet()) {
      page.append("<th scope=\"col\">").append(escaped(name)).append("</th>");
    }
    page.append("</tr></thead><tbody>");
    for (int i = 0; i < run.history().epoch().size(); i++) {
      page.append("<tr><th scope=\"row\">").append(run.history().epoch().get(i) + 1);
      run.history()
          .logs(i)
          .values()
          .forEach(value -> page.append("<td>").append(number(value)).append("</td>"));
      page.append("</tr>");
    }
    page.append("</tbody></table></div>");
  }

  /** Without the document's head, and with names that no other drawing of the page has. */
  private static String inPage(String svg, String prefix) {
    return svg.substring(svg.indexOf("<svg"))
        .replace("id=\"", "id=\"" + prefix)
        .replace("url(#", "url(#" + prefix);
  }

  private String curvesInWords() {
    int last = run.history().epoch().size() - 1;
    String values =
        run.history().logs(last).entrySet().stream()
            .map(e -> e.getKey() + " " + number(e.getValue()))
            .collect(Collectors.joining(", "));
    return "Curves of metric and loss over " + (last + 1) + " epochs; at the end " + values;
  }

  private void samples() {
    page.append("<section><h2>Training samples</h2>\n<ul class=\"tiles\">");
    for (int i = 0; i < Math.min(SAMPLES, training.size()); i++) {
      String target = findings.target(training, i);
      String words = "Training sample " + i + ": a " + target;
      SamplePicture.append(page, Tile.of(training, i, target), words);
    }
    page.append("</ul></section>\n");
  }

  private void facts(String title, Map<String, String> facts) {
    page.append("<section><h2>").append(title).append("</h2>\n<dl class=\"facts\">");
    facts.forEach(
        (name, value) ->
            page.append("<div><dt>")
                .append(escaped(name.startsWith("--") ? name.substring(2) : name))
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd></div>\n"));
    page.append("</dl></section>\n");
  }

  private void timings() {
    page.append("<section><h2>Times</h2>\n<dl class=\"facts\">");
    run.seconds()
        .forEach(
            (name, value) ->
                page.append("<div><dt>")
                    .append(escaped(name))
                    .append("</dt><dd>")
                    .append(String.format(Locale.ROOT, "%.2f s", value))
                    .append("</dd></div>\n"));
    String epochs =
        run.times().stream()
            .map(times -> String.format(Locale.ROOT, "%.2f", times.trainSeconds()))
            .collect(Collectors.joining(", "));
    page.append("<div><dt>training, by epoch</dt><dd>")
        .append(epochs)
        .append(" s</dd></div>\n</dl></section>\n");
  }
}
