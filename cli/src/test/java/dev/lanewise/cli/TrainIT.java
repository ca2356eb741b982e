package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.data.IdxFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code train} as a user runs it, on the packaged program; what is compared with such a run, or
 * with another, and is no process's own matter is run in this one, whose kernels are compiled.
 */
class TrainIT {
  private static final String[] SHORT = {
    "train", "--limit", "600", "--epochs", "2", "--json", "--no-out"
  };

  @TempDir private Path folder;

  private static String[] with(String... more) {
    return Stream.concat(Stream.of(SHORT), Stream.of(more)).toArray(String[]::new);
  }

  private static JsonObject last(Child.Outcome run) {
    assertThat(run.exit()).as(run.stderr()).isZero();
    return JsonParser.parseString(run.stdout().lines().reduce((a, b) -> b).orElseThrow())
        .getAsJsonObject();
  }

  private static String digest(String... more) {
    return InProcess.run((Object[]) with(more)).outcome().digest();
  }

  @Test
  void jsonIsOneEventALineAndNothingElse() {
    Child.Outcome run = Child.run(folder, with());
    List<JsonObject> events =
        run.stdout().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertThat(events.stream().map(e -> e.get("event").getAsString()))
        .containsExactly("start", "epoch", "epoch", "end");
    assertThat(events.get(0).keySet())
        .containsExactly(
            "event",
            "schema",
            "backend",
            "device",
            "threads",
            "vector_bits",
            "seed",
            "train_samples",
            "validation_samples",
            "test_samples",
            "parameters",
            "plan_bytes");
    assertThat(events.get(0).get("train_samples").getAsInt()).isEqualTo(480);
    assertThat(events.get(0).get("parameters").getAsInt()).isEqualTo(28360);
    assertThat(events.get(0).get("plan_bytes").getAsLong()).isBetween(1_000_000L, 100_000_000L);
    assertThat(events.get(1).keySet())
        .containsExactly(
            "event",
            "epoch",
            "accuracy",
            "loss",
            "val_accuracy",
            "val_loss",
            "train_seconds",
            "validation_seconds");
    assertThat(events.get(3).keySet())
        .containsExactly(
            "event",
            "test_accuracy",
            "test_loss",
            "fit_seconds",
            "evaluate_seconds",
            "total_seconds",
            "weights_sha256");
    assertThat(last(run).get("weights_sha256").getAsString()).matches("[0-9a-f]{64}");
    assertThat(run.messages()).isEmpty();
    assertThat(names()).containsExactlyInAnyOrder("stdout", "stderr");
  }

  @Test
  void threadsAndVectorWidthLeaveTheWeightsAsTheyAreAndTheSeedDoesNot() {
    String expected = Child.run(folder, with()).digest();
    assertThat(digest()).isEqualTo(expected);
    assertThat(digest("--threads", "1")).isEqualTo(expected);
    assertThat(digest("--threads", "3")).isEqualTo(expected);
    Map<String, String> narrow = Map.of("JDK_JAVA_OPTIONS", "-Dlanewise.vectorBits=256");
    Child.Outcome run = Child.start(folder, narrow, List.of(), with()).await(120);
    assertThat(run.stdout()).contains("\"vector_bits\":256");
    assertThat(run.digest()).isEqualTo(expected);
    assertThat(digest("--seed", "2")).isNotEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "lstm, --layers 2, 36510",
    "gru, --layers 2, 27810", // three gates, with two biases each
    "lstm, --layers 2 --bidirectional --dropout 0.2, 93010",
    "gru, --layers 2 --recurrent-dropout 0.2, 27810"
  })
  void otherStacksHaveTheSameBitsOnAnyThreads(String cell, String more, int parameters) {
    String[] own = {"--cell", cell, "--units", "50"};
    String[] stack =
        Stream.concat(Stream.of(own), Stream.of(more.split(" "))).toArray(String[]::new);
    String[] one =
        Stream.concat(Stream.of(stack), Stream.of("--threads", "1")).toArray(String[]::new);
    Child.Outcome run = InProcess.run((Object[]) with(one)).outcome();
    JsonObject start =
        JsonParser.parseString(run.stdout().lines().findFirst().orElseThrow()).getAsJsonObject();
    assertThat(start.get("parameters").getAsInt()).isEqualTo(parameters);
    assertThat(digest(stack)).isEqualTo(run.digest());
  }

  @Test
  void withoutATerminalAnEpochIsALineOnStderrAndResultsAreOnStdout() {
    Child.Outcome run = Child.run(folder, "train", "--limit", "600", "--epochs", "2", "--no-out");
    assertThat(run.stdout().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("test accuracy: \\d\\.\\d{4}"),
            line -> assertThat(line).matches("test loss: \\d\\.\\d{4}"));
    assertThat(run.messages()).hasSize(5);
    assertThat(run.messages().get(0))
        .matches("backend cpu: SIMD kernels, \\d+-bit vectors, \\d+ threads?, seed 1");
    assertThat(run.messages().get(2))
        .startsWith("4/4 - ")
        .contains("s/step - accuracy: ", " - val_loss: ");
    assertThat(run.stderr()).doesNotContain("\r", "\u001b");
  }

  @Test
  void quietLeavesTheResultsAlone() {
    InProcess run =
        InProcess.run("train", "--limit", "600", "--epochs", "1", "--quiet", "--no-out");
    assertThat(run.exit()).isZero();
    assertThat(run.out()).matches("test accuracy: [\\d.]+\ntest loss: [\\d.]+\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void dataInAFolderOfRawFilesGivesTheSameWeights() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    for (String name : IdxFolder.NAMES) {
      try (InputStream in =
          new GZIPInputStream(Lanewise.class.getResourceAsStream("mnist/" + name + ".gz"))) {
        Files.copy(in, data.resolve(name));
      }
    }
    assertThat(digest("--data", data.toString())).isEqualTo(digest());
  }

  @Test
  void batchLossesAreALineABatch() throws IOException {
    digest("--batch-losses", folder.resolve("losses.csv").toString());
    assertThat(Files.readAllLines(folder.resolve("losses.csv")))
        .hasSize(1 + 2 * 4)
        .startsWith("epoch,batch,loss")
        .last()
        .asString()
        .matches("1,3,\\d\\.\\d+");
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anInterruptEndsItWithinASecondAndLeavesNoHalfWrittenFile()
      throws IOException, InterruptedException {
    Child child = Child.start(folder, List.of(), "train", "--batch-losses", "losses.csv");
    while (!child.read("stderr").contains("Epoch 1/5")) {
      assertThat(child.process().isAlive()).as(child.read("stderr")).isTrue();
      Thread.sleep(50);
    }
    assertThat(names()).anyMatch(name -> name.endsWith(".tmp"));
    new ProcessBuilder("kill", "-INT", Long.toString(child.process().pid())).start().waitFor();
    Child.Outcome run = child.await(5); // a second, and what a busy machine may add
    assertThat(run.exit()).isEqualTo(130);
    assertThat(run.messages().getLast()).isEqualTo("lanewise: interrupted");
    assertThat(names()).containsExactlyInAnyOrder("stdout", "stderr");
  }
}
