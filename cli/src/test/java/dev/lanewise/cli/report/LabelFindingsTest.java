package dev.lanewise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelFindingsTest {
  private static List<Integer> labels(String letters) {
    return letters.chars().boxed().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "kitten, sitting, 3",
    "'', abc, 3",
    "abc, '', 3",
    "ab, ba, 2",
    "same, same, 0",
    "xab, abx, 2"
  })
  void errorsAreTheFewestEdits(String from, String to, int expected) {
    assertThat(LabelFindings.errors(labels(from), labels(to))).isEqualTo(expected);
    assertThat(LabelFindings.errors(labels(to), labels(from))).isEqualTo(expected);
  }

  @Test
  void ratesAreOverAllLabels() {
    List<List<Integer>> truth = List.of(List.of(1, 2, 3), List.of(4), List.of());
    List<List<Integer>> read = List.of(List.of(1, 3), List.of(4), List.of(5));
    LabelFindings findings = new LabelFindings(truth, read);
    assertThat(findings.figures())
        .containsEntry("label error rate", HtmlReport.number(0.5))
        .containsEntry("sequences read right", "1 of 3");
    StringBuilder page = new StringBuilder();
    findings.appendTo(page);
    assertThat(page)
        .contains("<tr><th scope=\"row\">0</th><td>1 2 3</td><td>1 3</td><td>1</td></tr>")
        .contains("<tr><th scope=\"row\">2</th><td></td><td>5</td><td>1</td></tr>");
  }

  @Test
  void aModelIsAskedForAllItsSteps() {
    Shape input = Shape.of(4, 2);
    Dataset data = Dataset.of(input, new float[16], new int[] {2, 2, 1, 0}, 3);
    try (Model model =
        Model.sequential(input, Lstm.of(2).returningSequences(), Dense.of(3))
            .compile(Adam.withDefaults(), Loss.CTC)) {
      Findings findings = Findings.of(model, data.slice(1, 2));
      assertThat(findings).isInstanceOf(LabelFindings.class);
      assertThat(((LabelFindings) findings).truth()).containsExactly(List.of(1));
      assertThat(((LabelFindings) findings).read()).hasSize(1);
      assertThat(findings.target(data, 0)).isEqualTo("2 2");
    }
  }
}
