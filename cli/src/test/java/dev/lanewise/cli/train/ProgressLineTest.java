package dev.lanewise.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.cli.tell.TerminalWidth;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import dev.lanewise.engine.train.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
  /** Returns what an epoch of two batches leaves on a terminal, without colours. */
  private static String drawn(int columns, boolean colour) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    ProgressLine line = new ProgressLine(err, colour, TerminalWidth.of(columns));
    Callback drawing =
        new Callback() {
          @Override
          public void onEpochBegin(int epoch, int batches) {
            line.begin(320);
          }

          @Override
          public void onTrainBatchEnd(int epoch, int batch, Progress progress) {
            line.update(1 + batch, progress);
          }

          @Override
          public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
            line.end(logs);
          }
        };
    Dataset data = Dataset.of(Shape.of(2), new float[80], new int[40], 2);
    try (Model model =
        Model.sequential(Shape.of(2), Dense.of(2, Activation.SOFTMAX))
            .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, Metric.ACCURACY)) {
      model.fit(data, FitOptions.epochs(1).withBatchSize(20).withValidationSplit(0.5), drawing);
    }
    return bytes.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9]*[mK]", "");
  }

  @ParameterizedTest
  @CsvSource({
    "30, false",
    "40, true",
    "60, true",
    "60, false",
    "75, true",
    "80, true",
    "200, true"
  })
  void noLineReachesTheTerminalsEdge(int columns, boolean colour) {
    List<String> lines = List.of(drawn(columns, colour).split("[\r\n]+"));
    assertThat(lines).hasSizeGreaterThanOrEqualTo(3); // of which the first is empty
    assertThat(lines).allMatch(line -> line.length() < columns);
  }

  @ParameterizedTest
  @CsvSource({"30", "60", "80", "200"})
  void whatAnEpochEndsWithIsWhole(int columns) {
    String all = drawn(columns, false);
    assertThat(all.substring(all.lastIndexOf('\r')).replaceAll("\\s+", " "))
        .containsPattern(
            "320/320 [━ ]*0s \\d+.s/step - accuracy: \\S+ - loss: \\S+ - val_accuracy: \\S+ -"
                + " val_loss: \\S+ $");
  }

  @Test
  void theBarIsWholeWhereThereIsRoom() {
    assertThat(drawn(200, false)).contains("320/320 " + "━".repeat(20) + " 0s");
    assertThat(drawn(40, false)).doesNotContain("━".repeat(20)).contains("━".repeat(10));
  }

  @Test
  void onlyANumberIsAWidth() {
    assertThat(TerminalWidth.columnsIn("132")).isEqualTo(132);
    assertThat(TerminalWidth.columnsIn("")).isZero();
    assertThat(TerminalWidth.columnsIn("-5")).isZero();
    assertThat(TerminalWidth.columnsIn("wide")).isZero();
    assertThat(TerminalWidth.columnsIn(null)).isZero();
  }
}
