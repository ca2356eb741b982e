package dev.lanewise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The report of a model of numbers. */
class NumberFindingsTest {
  private static final Predictions FOUR =
      new Predictions(new float[] {1, 2, 3, 4}, new float[] {1, 2.5f, 2, 4}, 1);

  private static String page(Predictions predictions) {
    StringBuilder page = new StringBuilder();
    new NumberFindings(predictions).appendTo(page);
    return page.toString();
  }

  private static List<String> all(String page, String pattern) {
    return Pattern.compile(pattern).matcher(page).results().map(MatchResult::group).toList();
  }

  @Test
  void errorsAreTakenByTheirFormulas() {
    assertThat(FOUR.meanAbsoluteError()).isEqualTo((0.5 + 1) / 4);
    assertThat(FOUR.rootMeanSquaredError()).isEqualTo(Math.sqrt((0.25 + 1) / 4));
    assertThat(FOUR.r2()).isCloseTo(1 - 1.25 / 5, offset(1e-15));
    assertThat(FOUR.worst(2)).containsExactly(2, 1);
    assertThat(FOUR.sortedResiduals()).containsExactly(-1, 0, 0, 0.5);
  }

  @Test
  void everyOutputHasAVarianceOfItsOwn() {
    Predictions two = new Predictions(new float[] {1, 7, 3, 9}, new float[] {1, 8, 3, 8}, 2);
    assertThat(two.r2(0)).isEqualTo(1);
    assertThat(two.r2(1)).isEqualTo(0);
    assertThat(two.r2()).isEqualTo(0.5);
    assertThat(page(two)).contains("<h2>Outputs</h2>", "<th scope=\"row\">0, 1</th>");
  }

  @Test
  void targetsWithoutVarianceHaveNoShareOfIt() {
    Predictions same = new Predictions(new float[] {2, 2}, new float[] {2, 3}, 1);
    assertThat(new NumberFindings(same).figures()).containsEntry("R2", "undefined");
    assertThat(page(same)).contains("svg").doesNotContain("Infinity");
  }

  @Test
  void whatIsDrawnIsToldToo() {
    String page = page(FOUR);
    assertThat(all(page, "<circle")).hasSize(4);
    assertThat(all(page, "role=\"img\" aria-label=\"[^\"]+\"")).hasSize(2);
    assertThat(all(page, "<table")).hasSameSizeAs(all(page, "<caption>")).hasSize(2);
    assertThat(all(page, "<th scope=")).hasSameSizeAs(all(page, "<th[ >]"));
    assertThat(page).contains("<th scope=\"row\">50 %</th><td>0.0000</td>");
    assertThat(page).contains("<th scope=\"row\">2</th><td>3.0000</td><td>2.0000</td>");
  }

  @Test
  void aPageOfManyValuesStaysShort() {
    float[] truth = new float[100_000];
    float[] predicted = new float[100_000];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = i % 97;
      predicted[i] = i % 89;
    }
    String page = page(new Predictions(truth, predicted, 1));
    assertThat(page).contains("One of 50 test values is drawn.");
    assertThat(all(page, "<circle")).hasSize(2000);
    assertThat(page.length()).isLessThan(200_000);
  }

  @Test
  void oneExactValueIsDrawn() {
    String page = page(new Predictions(new float[] {5}, new float[] {5}, 1));
    assertThat(page).contains("<circle").doesNotContain("NaN\"").doesNotContain("Infinity");
  }
}
