package dev.lanewise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final String HOSTILE = "<script>alert('x')</script>\" onload=\"y";

  record Fixture(RunRecord run, Answers answers, Dataset samples) {
    static Fixture make() {
      History history = new History();
      history.add(0, new TreeMap<>(Map.of("accuracy", 0.5, "loss", 1.5, "val_loss", 1.25)));
      history.add(1, new TreeMap<>(Map.of("accuracy", 0.75, "loss", 0.5, "val_loss", 0.625)));
      RunRecord run =
          new RunRecord(
              history,
              List.of(new EpochTimes(1.5, 0.25), new EpochTimes(1.25, 0.25)),
              Map.of("accuracy", 0.75),
              Map.of("--data", HOSTILE),
              Map.of("processor", HOSTILE),
              Map.of("fit", 3.25),
              "abc",
              "train --data=" + HOSTILE);
      Dataset samples = Dataset.ofBytes(Shape.of(2, 2), new byte[16], new int[] {0, 1, 1, 0}, 2);
      Answers answers =
          new Answers(
              samples,
              new int[] {0, 1, 1, 0},
              new int[] {0, 1, 0, 1},
              new float[] {0.9f, 0.8f, 0.6f, 0.7f},
              2);
      return new Fixture(run, answers, samples);
    }
  }

  private static String page() {
    Fixture fixture = Fixture.make();
    return HtmlReport.of(
        fixture.run(), new ClassFindings(fixture.answers()), fixture.samples(), "");
  }

  private static List<String> all(String pattern) {
    return Pattern.compile(pattern).matcher(page()).results().map(MatchResult::group).toList();
  }

  @Test
  void nothingIsFetchedAndNothingRuns() {
    // Namespaces are names, not addresses.
    String page = page().replaceAll("xmlns(:\\w+)?=\"[^\"]*\"", "");
    assertThat(page).doesNotContain("http:").doesNotContain("https:").doesNotContain("<script");
    assertThat(page).doesNotContain("<link").doesNotContain("@import").doesNotContain("url(//");
  }

  @Test
  void textOfOthersStaysText() {
    assertThat(page()).doesNotContain(HOSTILE).contains("&lt;script&gt;alert(&#39;x&#39;)");
  }

  @Test
  void everyPictureHasAnAlternative() {
    assertThat(all("<img [^>]*>"))
        .hasSize(6)
        .allMatch(image -> image.matches(".* alt=\"[^\"]+\".*"));
    assertThat(all("role=\"img\" aria-label=\"[^\"]*0\\.7500[^\"]*\"")).hasSize(1);
  }

  @Test
  void headingsAreInOrderAndTablesHaveCaptionsAndHeaders() {
    assertThat(all("<h[1-6]")).startsWith("<h1").doesNotContain("<h3");
    assertThat(all("<table")).hasSameSizeAs(all("<caption>")).hasSize(3);
    assertThat(all("<th scope=")).hasSameSizeAs(all("<th[ >]"));
  }

  @Test
  void namesWithinThePageAreItsOwn() {
    List<String> names = new ArrayList<>(all(" id=\"[^\"]*\""));
    assertThat(names).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void theSurestMistakeComesFirst() {
    assertThat(all("alt=\"Test sample [0-9]+"))
        .containsExactly("alt=\"Test sample 3", "alt=\"Test sample 2");
  }

  @Test
  void withoutDrawingsTheNumbersAreInSight() {
    Fixture fixture = Fixture.make();
    String page =
        HtmlReport.of(
            fixture.run(), new ClassFindings(fixture.answers()), fixture.samples(), "", List.of());
    assertThat(page).contains("Not drawn").contains("1.2500").doesNotContain("<details>");
  }

  @Test
  void theWorstOfManyClassesAreShown() {
    Fixture fixture = Fixture.make();
    Answers few = fixture.answers();
    Answers many =
        new Answers(few.samples(), few.labels(), few.predicted(), few.probabilities(), 100_000);
    String page =
        HtmlReport.of(fixture.run(), new ClassFindings(many), fixture.samples(), "", List.of());
    assertThat(page)
        .contains("the 100 worst of 100000", "most frequent mistakes among 100000 classes")
        .contains("<th scope=\"row\">0</th><td>1</td><td>1</td>");
    assertThat(page.length()).isLessThan(50_000);
  }

  @Test
  void picturesOfLargeSamplesAreSmall() {
    Fixture fixture = Fixture.make();
    byte[] noise = new byte[4 << 20];
    new Random(1).nextBytes(noise);
    for (Shape shape : List.of(Shape.of(1024, 1024), Shape.of(1 << 20, 1), Shape.of(1, 1 << 20))) {
      Dataset large = Dataset.ofBytes(shape, noise, new int[] {0, 1, 1, 0}, 2);
      Answers few = fixture.answers();
      Answers answers = new Answers(large, few.labels(), few.predicted(), few.probabilities(), 2);
      String page = HtmlReport.of(fixture.run(), new ClassFindings(answers), large, "", List.of());
      assertThat(page.length()).as(shape.toString()).isLessThan(400_000);
    }
  }

  @Test
  void theSameRunGivesTheSamePage() {
    assertThat(page()).isEqualTo(page());
  }
}
