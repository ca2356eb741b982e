package dev.lanewise.cli.report;

import dev.lanewise.cli.picture.Tile;
import dev.lanewise.engine.data.Dataset;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a classifier did: scores by class, what it took for what, and its surest mistakes.
 *
 * @param answers what it said of the test set
 */
record ClassFindings(Answers answers) implements Findings {
  private static final int MISTAKES = 24;

  @Override
  public Map<String, String> figures() {
    return Map.of("mistakes", answers.mistakes().size() + " of " + answers.labels().length);
  }

  @Override
  public void appendTo(StringBuilder page) {
    new ClassTables(answers.scores()).appendTo(page);
    List<Integer> surest = answers.mistakes().stream().limit(MISTAKES).toList();
    page.append("<section><h2>Surest mistakes</h2>\n");
    if (surest.isEmpty()) {
      page.append("<p>There are none.</p></section>\n");
      return;
    }
    page.append("<ul class=\"tiles\">");
    for (int i : surest) {
      String words =
          answers.labels()[i]
              + ", taken for "
              + answers.predicted()[i]
              + percent(answers.probabilities()[i]);
      int sample = answers.sampleOf(i);
      String which = "Test sample " + sample + answers.stepOf(i);
      Tile tile = Tile.of(answers.samples(), sample, words);
      SamplePicture.append(page, tile, which + ": a " + words);
    }
    page.append("</ul></section>\n");
  }

  /**
   * Rounded down: what is not quite sure should not look so. A model may also tell no probability.
   */
  private static String percent(float probability) {
    return probability >= 0 && probability <= 1
        ? String.format(Locale.ROOT, " (%.1f %%)", Math.floor(probability * 1000.0) / 10)
        : "";
  }

  @Override
  public String target(Dataset data, int sample) {
    return Integer.toString(Answers.classOf(data, sample, 0, answers.classes()));
  }
}
