package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Checkpoint;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training leaves, and how it is taken up again. */
class RunFolderIT {
  private static final String[] CHECKPOINTED = {
    "train", "--limit", "6000", "--epochs", "2", "--checkpoint-every", "5", "--json"
  };

  @TempDir private Path folder;

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  private Child.Outcome train(String... more) {
    Child.Outcome run =
        Child.run(folder, with(new String[] {"train", "--limit", "600", "--epochs", "2"}, more));
    assertThat(run.exit()).as(run.stderr()).isZero();
    return run;
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
    SavedModel model = KerasFile.read(folder.resolve("lanewise-out/1/model.keras"));
    assertThat(model.parameters().iterations()).isEqualTo(8);
  }

  @Test
  void aModelGoesOnWhereItWasAndGivesItsWeights() {
    train("--out", "a");
    Child.Outcome onward = train("--out", "b", "--model", "a/model.keras", "--save-best");
    assertThat(onward.exit()).isZero();
    assertThat(KerasFile.read(folder.resolve("b/model.keras")).parameters().iterations())
        .isEqualTo(16);
    assertThat(folder.resolve("b/best.keras")).exists();
    train("--out", "c", "--init", "a/model.keras");
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
    assertThat(train("--model", "loss.keras", "--out", "a").stdout())
        .matches("test loss: [\\d.]+\n");
    assertThat(folder.resolve("a/report.html")).exists();
    writeModel("five.keras", 5, Metric.ACCURACY);
    Child.Outcome refused = Child.run(folder, "train", "--model", "five.keras", "--no-out");
    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.messages())
        .containsExactly("lanewise: five.keras: tells 5 classes apart, the data have 10");
  }

  private String digest(Child.Outcome run) {
    assertThat(run.exit()).as(run.stderr()).isZero();
    return run.stdout()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(event -> event.get("event").getAsString().equals("end"))
        .map(event -> event.get("weights_sha256").getAsString())
        .findFirst()
        .orElseThrow();
  }

  /** Killed at seeded moments, a run ends with the same weights as one that was left alone. */
  @Test
  void aKilledRunIsTakenUpAgainToTheSameBits() throws InterruptedException {
    String expected = digest(Child.run(folder, with(CHECKPOINTED, "--out", "whole")));
    Random random = new Random(11);
    for (int i = 0; i < 4; i++) {
      String run = "killed" + i;
      Child child = Child.start(folder, List.of(), with(CHECKPOINTED, "--resume", run));
      child.process().waitFor(random.nextInt(600, 1900), TimeUnit.MILLISECONDS);
      child.process().destroyForcibly().waitFor();
      assertThat(digest(Child.run(folder, with(CHECKPOINTED, "--resume", run))))
          .isEqualTo(expected);
      assertThat(folder.resolve(run).resolve("checkpoint")).doesNotExist();
    }
  }

  @Test
  void aRunGoesOnWithItsOwnSettingsAndRefusesOthers() throws InterruptedException {
    Child child = Child.start(folder, List.of(), with(CHECKPOINTED, "--resume", "run"));
    while (child.process().isAlive() && Files.notExists(folder.resolve("run/checkpoint"))) {
      child.process().waitFor(20, TimeUnit.MILLISECONDS);
    }
    child.process().destroyForcibly().waitFor();
    assertThat(folder.resolve("run/checkpoint")).exists();
    Child.Outcome other = Child.run(folder, "train", "--resume", "run", "--units", "20");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.messages().getFirst())
        .contains("--units was 150 when the run was started, found 20");
    Child.Outcome onward = Child.run(folder, "train", "--resume", "run", "--json");
    assertThat(onward.exit()).as(onward.stderr()).isZero();
    JsonObject history =
        JsonParser.parseString(read(folder.resolve("run/history.json"))).getAsJsonObject();
    assertThat(history.getAsJsonArray("epoch")).hasSize(2);
    assertThat(history.getAsJsonObject("settings").get("--limit").getAsString()).isEqualTo("6000");
  }

  @Test
  void aRunThatHasEndedIsToldAgainAndKept() throws IOException {
    String[] line = {"train", "--limit", "600", "--units", "8", "--resume", "run", "--json"};
    String expected = digest(Child.run(folder, line));
    byte[] history = Files.readAllBytes(folder.resolve("run/history.json"));
    assertThat(digest(Child.run(folder, line))).isEqualTo(expected);
    assertThat(digest(Child.run(folder, "train", "--resume", "run", "--json"))).isEqualTo(expected);
    Child.Outcome other = Child.run(folder, "train", "--resume", "run", "--units", "9");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.messages().getFirst()).contains("--units was 8", "found 9");
    assertThat(folder.resolve("run/history.json")).hasBinaryContent(history);
  }

  /** Begun and not yet saved: the settings are there all the same. */
  @Test
  void aRunWithoutACheckpointIsBegunAgainWithItsOwnSettings() throws Exception {
    String[] line = {"train", "--limit", "6000", "--epochs", "3", "--units", "20", "--json"};
    String expected = digest(Child.run(folder, with(line, "--out", "whole")));
    Child child = Child.start(folder, List.of(), with(line, "--resume", "run"));
    Path settings = folder.resolve("run/settings.properties");
    while (child.process().isAlive() && Files.notExists(settings)) {
      child.process().waitFor(5, TimeUnit.MILLISECONDS);
    }
    child.process().destroyForcibly().waitFor();
    assertThat(settings).content().contains("limit=6000\n", "epochs=3\n");
    assertThat(Child.run(folder, "train", "--resume", "run", "--units", "21").exit()).isEqualTo(2);
    assertThat(Child.run(folder, "train", "--out", "run", "--units", "21").exit()).isEqualTo(2);
    assertThat(digest(Child.run(folder, "train", "--resume", "run", "--json"))).isEqualTo(expected);
    assertThat(settings).doesNotExist();
    Child.Outcome more = Child.run(folder, "train", "--resume", "run", "--epochs", "5");
    assertThat(more.messages().getFirst())
        .endsWith(
            "to train on from it: --model run/model.keras --out ANOTHER, with the epochs to add");
  }

  @Test
  void aFolderWithNothingToGoOnWithNeedsOptions() {
    Child.Outcome run = Child.run(folder, "train", "--resume", "run", "--json");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.messages().getFirst()).contains("there is no run to go on with");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void anInterruptedRunIsNotTheRoomForAnother() throws Exception {
    Child child = startedWithCheckpoints(with(CHECKPOINTED, "--out", "run"));
    child.process().destroyForcibly().waitFor();
    Child.Outcome anew = Child.run(folder, "train", "--limit", "600", "--out", "run");
    assertThat(anew.exit()).isEqualTo(2);
    assertThat(anew.messages().getFirst()).contains("--resume run goes on with it");
    assertThat(folder.resolve("run/checkpoint")).exists();
  }

  @Test
  void aCheckpointNamesNoFileToWrite() throws Exception {
    Child child = startedWithCheckpoints(with(CHECKPOINTED, "--out", "run"));
    child.process().destroyForcibly().waitFor();
    Path precious = Files.writeString(folder.resolve("precious"), "mine");
    CheckpointFolder run = new CheckpointFolder(Storage.disk(), folder.resolve("run"));
    Checkpoint honest = Checkpoint.load(run).checkpoint();
    Map<String, String> forged = new TreeMap<>(honest.settings());
    forged.put("--csv-log", precious.toString());
    forged.put("--batch-losses", precious.toString());
    new Checkpoint(forged, honest.state()).save(run);
    Child.Outcome resumed = Child.run(folder, "train", "--resume", "run");
    assertThat(resumed.exit()).as(resumed.stderr()).isZero();
    assertThat(resumed.stderr()).contains("note: --csv-log " + precious + " is not gone on with");
    assertThat(precious).hasContent("mine");
    Files.delete(folder.resolve("run/history.json"));
    forged.put("--epochs", "-1");
    new Checkpoint(forged, honest.state()).save(run);
    assertThat(Child.run(folder, "train", "--resume", "run").messages().getFirst())
        .contains("the settings of the run in it cannot be used: --epochs must be");
  }

  private Child startedWithCheckpoints(String... arguments) throws InterruptedException {
    Child child = Child.start(folder, List.of(), arguments);
    while (child.process().isAlive() && Files.notExists(folder.resolve("run/checkpoint"))) {
      child.process().waitFor(20, TimeUnit.MILLISECONDS);
    }
    assertThat(child.process().isAlive()).isTrue();
    return child;
  }

  @Test
  void aSecondProcessIsKeptOutOfAFolder() throws Exception {
    Child child =
        startedWithCheckpoints(
            "train", "--epochs", "50", "--checkpoint-every", "1", "--out", "run");
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

  private static String read(Path file) {
    assertThat(file).exists();
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refusalsComeBeforeAnythingIsWritten() throws IOException {
    assertThat(Child.run(folder, "train", "--model", "none.keras", "--limit", "600").exit())
        .isEqualTo(4);
    assertThat(Child.run(folder, "train", "--data", "none.npz").exit()).isEqualTo(3);
    Files.writeString(folder.resolve("file"), "");
    Child.Outcome blocked = Child.run(folder, "train", "--out", "file", "--limit", "600");
    assertThat(blocked.exit()).isEqualTo(3);
    assertThat(blocked.messages()).singleElement().asString().contains("a file has that name");
    Files.writeString(folder.resolve("lanewise-out"), "");
    Child.Outcome nowhere = Child.run(folder, "train", "--limit", "600");
    assertThat(nowhere.exit()).isEqualTo(3);
    assertThat(nowhere.messages()).singleElement().asString().contains("--no-out");
    assertThat(names(folder)).containsExactly("file", "lanewise-out", "stderr", "stdout");
  }
}
