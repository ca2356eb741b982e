package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training leaves. */
class RunFolderIT {
  @TempDir private Path folder;

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  private static final String[] SHORT = {"train", "--limit", "600", "--epochs", "2"};

  private Child.Outcome train(String... more) {
    Child.Outcome run = Child.run(folder, with(SHORT, more));
    assertThat(run.exit()).as(run.stderr()).isZero();
    return run;
  }

  /** Trains in this process, whose kernels are compiled. */
  private static Child.Outcome trainHere(String... more) {
    Child.Outcome run = here(with(SHORT, more));
    assertThat(run.exit()).as(run.stderr()).isZero();
    return run;
  }

  private static Child.Outcome here(String... line) {
    return InProcess.run((Object[]) line).outcome();
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private static List<String> names(Path at) throws IOException {
    try (Stream<Path> files = Files.list(at)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void eachRunHasANumberedFolderOfItsOwn() throws IOException {
    Child.Outcome first = train();
    assertThat(first.messages()).last().isEqualTo("run folder: lanewise-out/1");
    train("--quiet");
    assertThat(names(folder.resolve("lanewise-out"))).containsExactly("1", "2");
    assertThat(names(folder.resolve("lanewise-out/2")))
        .containsExactly(
            "curves.png",
            "curves.svg",
            "history.csv",
            "history.json",
            "model.keras",
            "report.html");
    assertThat(folder.resolve("lanewise-out/1/history.csv"))
        .content()
        .startsWith("epoch,accuracy,loss,val_accuracy,val_loss\n0,");
    assertThat(folder.resolve("lanewise-out/1/report.html")).content().contains("pad-network");
    SavedModel model = KerasFile.read(folder.resolve("lanewise-out/1/model.keras"));
    assertThat(model.parameters().iterations()).isEqualTo(8);
  }

  @Test
  void aModelGoesOnWhereItWasAndGivesItsWeights() {
    trainHere("--out", at("a"));
    trainHere("--out", at("b"), "--model", at("a/model.keras"), "--save-best");
    assertThat(KerasFile.read(folder.resolve("b/model.keras")).parameters().iterations())
        .isEqualTo(16);
    assertThat(folder.resolve("b/best.keras")).exists();
    Child.Outcome refused = here("train", "--out", at("b"));
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.messages().getFirst())
        .isEqualTo(
            "lanewise: --out "
                + at("b")
                + ": has a model.keras already; name another folder, --force replaces what is"
                + " there");
    assertThat(KerasFile.read(folder.resolve("b/model.keras")).parameters().iterations())
        .isEqualTo(16);
    trainHere("--out", at("b"), "--force");
    assertThat(KerasFile.read(folder.resolve("b/model.keras")).parameters().iterations())
        .isEqualTo(8);
    trainHere("--out", at("c"), "--init", at("a/model.keras"));
    assertThat(KerasFile.read(folder.resolve("c/model.keras")).parameters().iterations())
        .isEqualTo(8);
  }

  private void writeModel(String name, int classes, Metric... metrics) {
    try (Model made =
        Model.sequential(Shape.of(28, 28), SimpleRnn.of(8), Dense.of(classes, Activation.SOFTMAX))
            .compile(Adam.withDefaults(), Loss.CATEGORICAL_CROSSENTROPY, metrics)) {
      LocalDateTime time = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
      KerasFile.write(SavedModel.of(made, time), folder.resolve(name));
    }
  }

  @Test
  void aModelReportsWhatItWasCompiledWith() {
    writeModel("loss.keras", 10);
    assertThat(trainHere("--model", at("loss.keras"), "--out", at("a")).stdout())
        .matches("test loss: [\\d.]+\n");
    assertThat(folder.resolve("a/report.html")).exists();
    writeModel("five.keras", 5, Metric.ACCURACY);
    Child.Outcome refused = here("train", "--model", at("five.keras"), "--no-out");
    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.messages())
        .containsExactly(
            "lanewise: " + at("five.keras") + ": tells 5 classes apart, the data have 10");
  }

  /** With any optimizer, and a step size that has fallen meanwhile. */
  @Test
  void aRunThatLowersItsStepSizeIsTakenUpAgain() throws Exception {
    String[] line = {
      "train",
      "--limit",
      "600",
      "--units",
      "8",
      "--epochs",
      "40",
      "--monitor",
      "loss",
      "--optimizer",
      "rmsprop",
      "--momentum",
      "0.9",
      "--learning-rate",
      "0.1",
      "--reduce-lr-on-plateau",
      "1",
      "--reduce-lr-factor",
      "0.5"
    };
    String expected = here(with(line, "--no-out", "--json")).digest();
    Child child =
        Child.startedWithCheckpoint(folder, with(line, "--checkpoint-every", "1", "--out", "run"));
    child.process().destroyForcibly().waitFor();
    assertThat(here("train", "--resume", at("run"), "--json").digest()).isEqualTo(expected);
    String history = Files.readString(folder.resolve("run/history.csv"));
    assertThat(history).startsWith("epoch,accuracy,learning_rate,loss,");
    assertThat(history.lines().skip(1).map(row -> row.split(",")[2]).distinct().count())
        .isGreaterThan(2);
    Optimizer rule = KerasFile.read(folder.resolve("run/model.keras")).optimizer().rule();
    assertThat(rule.learningRate().at(0)).isLessThan(0.05);
  }

  @Test
  void aRunThatHasEndedIsToldAgainAndKept() throws IOException {
    String[] line = {"train", "--limit", "600", "--units", "8", "--resume", at("run"), "--json"};
    String expected = Child.run(folder, line).digest();
    byte[] history = Files.readAllBytes(folder.resolve("run/history.json"));
    assertThat(here(line).digest()).isEqualTo(expected);
    assertThat(here("train", "--resume", at("run"), "--json").digest()).isEqualTo(expected);
    Child.Outcome other = here("train", "--resume", at("run"), "--units", "9");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.messages().getFirst()).contains("--units was 8", "found 9");
    assertThat(folder.resolve("run/history.json")).hasBinaryContent(history);
  }

  @Test
  void aSecondProcessIsKeptOutOfAFolder() throws Exception {
    Child child =
        Child.startedWithCheckpoint(
            folder, "train", "--epochs", "50", "--checkpoint-every", "1", "--out", "run");
    Path beside = Files.createDirectory(folder.resolve("beside"));
    for (String option : List.of("--resume", "--out")) {
      Child.Outcome second = Child.run(beside, "train", option, folder.resolve("run").toString());
      assertThat(second.exit()).isEqualTo(3);
      assertThat(second.messages())
          .singleElement()
          .asString()
          .contains("another process (" + child.process().pid() + ") is at work there");
    }
    child.process().destroyForcibly().waitFor();
  }

  /** Without the module's flag the program is a JVM that starts another. */
  @Test
  void theProgramEndsWithTheJvmThatStartedIt() throws Exception {
    Process launcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("lanewise.test.jar"),
                "train",
                "--epochs",
                "50",
                "--checkpoint-every",
                "1",
                "--out",
                "run")
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    while (launcher.isAlive() && Files.notExists(folder.resolve("run/checkpoint"))) {
      launcher.waitFor(20, TimeUnit.MILLISECONDS);
    }
    ProcessHandle program = launcher.children().findFirst().orElseThrow();
    launcher.destroyForcibly().waitFor();
    program.onExit().get(10, TimeUnit.SECONDS);
  }

  @Test
  void refusalsComeBeforeAnythingIsWritten() throws IOException {
    assertThat(here("train", "--model", at("none.keras"), "--limit", "600").exit()).isEqualTo(4);
    assertThat(here("train", "--data", at("none.npz")).exit()).isEqualTo(3);
    Files.writeString(folder.resolve("file"), "");
    Child.Outcome blocked = here("train", "--out", at("file"), "--limit", "600");
    assertThat(blocked.exit()).isEqualTo(3);
    assertThat(blocked.messages()).singleElement().asString().contains("a file has that name");
    Files.writeString(folder.resolve("lanewise-out"), "");
    Child.Outcome nowhere = Child.run(folder, "train", "--limit", "600");
    assertThat(nowhere.exit()).isEqualTo(3);
    assertThat(nowhere.messages()).singleElement().asString().contains("--no-out");
    assertThat(names(folder)).containsExactly("file", "lanewise-out", "stderr", "stdout");
  }
}
