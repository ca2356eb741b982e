package dev.lanewise.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.train.CsvLogger;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryFilesTest {
  @TempDir Path folder;

  private static History history() {
    History history = new History();
    history.add(3, Map.of("accuracy", 0.1, "loss", 1 / 3.0));
    history.add(4, Map.of("accuracy", 0.2, "loss", Double.NaN));
    return history;
  }

  private static RunRecord run() {
    return new RunRecord(
        history(),
        List.of(new EpochTimes(1.5, 0.5)),
        Map.of("loss", 0.25),
        Map.of("--units", "150"),
        Map.of("java", "25"),
        Map.of("fit", 2.0),
        "abc",
        "train");
  }

  @Test
  void whatIsNoNumberIsNull() {
    RunRecord run =
        new RunRecord(
            history(),
            List.of(),
            Map.of("r2_score", Double.NEGATIVE_INFINITY),
            Map.of(),
            Map.of(),
            Map.of("fit", Double.NaN),
            "abc",
            "train");
    String json = HistoryFiles.json(run);
    assertThat(json).contains("\"r2_score\": null", "\"fit\": null");
    RunRecord read = HistoryFiles.run("h.json", json);
    assertThat(read.test()).containsExactly(Map.entry("r2_score", Double.NaN));
    assertThat(HistoryFiles.json(read)).isEqualTo(json);
  }

  @Test
  void timesWithoutAnEndAreRefused() {
    String json = HistoryFiles.json(run()).replace("1.5", "1e400");
    assertThatThrownBy(() -> HistoryFiles.run("h.json", json)).isInstanceOf(FormatException.class);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path json = Files.writeString(folder.resolve("h.json"), HistoryFiles.json(run()));
    assertThat(HistoryFiles.readRun(json))
        .usingRecursiveComparison()
        .ignoringFields("history")
        .isEqualTo(run());
    assertThat(HistoryFiles.readHistory(json).history()).isEqualTo(history().history());
    Path csv = Files.writeString(folder.resolve("h.csv"), CsvLogger.csv(history()));
    assertThat(HistoryFiles.readHistory(csv).history()).isEqualTo(history().history());
    assertThat(HistoryFiles.readHistory(csv).epoch()).containsExactly(3, 4);
  }

  @Test
  void pythonsNamesOfNumbersAreTaken() throws IOException {
    Path csv = Files.writeString(folder.resolve("h.csv"), "epoch,loss\n0,nan\n1,-inf\n2,NA\n");
    assertThat(HistoryFiles.readHistory(csv).history().get("loss"))
        .containsExactly(Double.NaN, Double.NEGATIVE_INFINITY, Double.NaN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"history\": 3}", "{\"loss\": [1], \"x\": []}", "text"})
  void otherFilesAreRefused(String content) throws IOException {
    Path json = Files.writeString(folder.resolve("h.json"), content);
    Path csv = Files.writeString(folder.resolve("h.csv"), content);
    for (Path file : List.of(json, csv)) {
      assertThatThrownBy(() -> HistoryFiles.readHistory(file))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("expected the history of a run");
    }
    assertThatThrownBy(() -> HistoryFiles.readRun(json)).isInstanceOf(FormatException.class);
  }

  @Test
  void runsAtTheSameMomentGetFoldersOfTheirOwn() throws Exception {
    Path base = folder.resolve("out");
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Path>> runs =
          IntStream.range(0, 24)
              .mapToObj(i -> (Callable<Path>) () -> RunFolder.next(base).path())
              .toList();
      List<Path> made = threads.invokeAll(runs).stream().map(Future::resultNow).toList();
      assertThat(made).doesNotHaveDuplicates().allMatch(Files::isDirectory);
    }
    assertThat(base.resolve("24")).exists();
  }
}
