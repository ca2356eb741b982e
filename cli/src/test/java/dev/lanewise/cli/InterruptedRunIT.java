package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.engine.checkpoint.CheckpointFolder;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.tensorboard.EventReader;
import dev.lanewise.engine.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that were killed, and how they are taken up again in this process: its kernels are warm. */
class InterruptedRunIT {
  private static final String[] CHECKPOINTED = {
    "train", "--limit", "6000", "--epochs", "2", "--checkpoint-every", "5", "--json"
  };

  @TempDir private Path folder;

  private static Child.Outcome here(String... line) {
    return InProcess.run((Object[]) line).outcome();
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  /**
   * Or else the same weights at the end, which KilledProcessesIT looks for, would say nothing of
   * what was taken up.
   */
  @Test
  void anotherWeightInACheckpointEndsInOthers() throws Exception {
    String expected = here(with(CHECKPOINTED, "--out", at("whole"))).digest();
    String run = at("killed");
    killedAfterACheckpoint(run);
    CheckpointFolder place = new CheckpointFolder(Storage.disk(), Path.of(run));
    Checkpoint saved = Checkpoint.load(place).checkpoint();
    saved.state().parameters().values().getFirst()[0] += 0.01f; // a copy of the file's
    saved.save(place);
    assertThat(here(with(CHECKPOINTED, "--resume", run)).digest()).isNotEqualTo(expected);
  }

  /** Kills a run when it has saved its first checkpoint, which is then there. */
  private void killedAfterACheckpoint(String run) throws InterruptedException {
    Child child = Child.start(folder, List.of(), with(CHECKPOINTED, "--resume", run));
    Path checkpoint = Path.of(run).resolve(CheckpointFolder.NEWEST);
    while (child.process().isAlive() && Files.notExists(checkpoint)) {
      child.process().waitFor(5, TimeUnit.MILLISECONDS);
    }
    child.process().destroyForcibly().waitFor();
    assertThat(new RunFolder(Path.of(run)).hasCheckpoint())
        .as("a checkpoint to go on from: %s", child.read("stderr"))
        .isTrue();
  }

  /** Who watches is no setting: one log is not given again, another one is new. */
  @Test
  void aRunGoesOnWithItsOwnSettingsAndRefusesOthers() throws Exception {
    String[] begin = with(CHECKPOINTED, "--resume", "run", "--csv-log", "log.csv");
    Child child = Child.start(folder, List.of(), begin);
    while (child.process().isAlive() && Files.notExists(folder.resolve("run/checkpoint"))) {
      child.process().waitFor(20, TimeUnit.MILLISECONDS);
    }
    child.process().destroyForcibly().waitFor();
    assertThat(folder.resolve("run/checkpoint")).exists();
    Child.Outcome other = here("train", "--resume", at("run"), "--units", "20");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.messages().getFirst())
        .contains("--units was 150 when the run was started, found 20");
    Child.Outcome onward =
        here("train", "--resume", at("run"), "--json", "--tensorboard", at("log"));
    assertThat(onward.exit()).as(onward.stderr()).isZero();
    assertThat(EventReader.read(folder.resolve("log"), "validation"))
        .extracting(EventReader.Value::tag, EventReader.Value::step)
        .contains(tuple("epoch_accuracy", 1L));
    JsonObject history =
        JsonParser.parseString(read(folder.resolve("run/history.json"))).getAsJsonObject();
    assertThat(history.getAsJsonArray("epoch")).hasSize(2);
    assertThat(history.getAsJsonObject("settings").get("--limit").getAsString()).isEqualTo("6000");
  }

  @Test
  void aStackOfOtherCellsGoesOnToTheSameBits() throws InterruptedException {
    String[] line = {
      "train", "--cell", "gru", "--layers", "2", "--units", "20", "--limit", "6000", "--json"
    };
    String expected = here(with(line, "--no-out")).digest();
    Child child =
        Child.startedWithCheckpoint(folder, with(line, "--checkpoint-every", "1", "--out", "run"));
    child.process().destroyForcibly().waitFor();
    Child.Outcome other = here("train", "--resume", at("run"), "--cell", "lstm");
    assertThat(other.exit()).isEqualTo(2);
    assertThat(other.messages().getFirst())
        .contains("--cell was gru when the run was started, found lstm");
    assertThat(here("train", "--resume", at("run"), "--json").digest()).isEqualTo(expected);
  }

  /** Begun and not yet saved: the settings are there all the same. */
  @Test
  void aRunWithoutACheckpointIsBegunAgainWithItsOwnSettings() throws Exception {
    String[] line = {"train", "--limit", "6000", "--epochs", "3", "--units", "20", "--json"};
    String expected = here(with(line, "--out", at("whole"))).digest();
    Child child = Child.start(folder, List.of(), with(line, "--resume", "run"));
    Path settings = folder.resolve("run/settings.properties");
    while (child.process().isAlive() && Files.notExists(settings)) {
      child.process().waitFor(5, TimeUnit.MILLISECONDS);
    }
    child.process().destroyForcibly().waitFor();
    assertThat(settings).content().contains("limit=6000\n", "epochs=3\n");
    assertThat(here("train", "--resume", at("run"), "--units", "21").exit()).isEqualTo(2);
    assertThat(here("train", "--out", at("run"), "--units", "21").exit()).isEqualTo(2);
    assertThat(here("train", "--resume", at("run"), "--json").digest()).isEqualTo(expected);
    assertThat(settings).doesNotExist();
    Child.Outcome more = here("train", "--resume", at("run"), "--epochs", "5");
    assertThat(more.messages().getFirst())
        .endsWith(
            "to train on from it: --model "
                + at("run/model.keras")
                + " --out ANOTHER, with the epochs to add");
  }

  @Test
  void aFolderWithNothingToGoOnWithNeedsOptions() {
    Child.Outcome run = here("train", "--resume", at("run"), "--json");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.messages().getFirst()).contains("there is no run to go on with");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void anInterruptedRunIsNotTheRoomForAnother() throws Exception {
    Child child = Child.startedWithCheckpoint(folder, with(CHECKPOINTED, "--out", "run"));
    child.process().destroyForcibly().waitFor();
    Child.Outcome anew = here("train", "--limit", "600", "--out", at("run"));
    assertThat(anew.exit()).isEqualTo(2);
    assertThat(anew.messages().getFirst()).contains("--resume " + at("run") + " goes on with it");
    assertThat(folder.resolve("run/checkpoint")).exists();
  }

  @Test
  void aCheckpointNamesNoFileToWrite() throws Exception {
    Child child = Child.startedWithCheckpoint(folder, with(CHECKPOINTED, "--out", "run"));
    child.process().destroyForcibly().waitFor();
    Path precious = Files.writeString(folder.resolve("preci\u001b[31mous"), "mine");
    CheckpointFolder run = new CheckpointFolder(Storage.disk(), folder.resolve("run"));
    Checkpoint honest = Checkpoint.load(run).checkpoint();
    Map<String, String> forged = new TreeMap<>(honest.settings());
    forged.put("--csv-log", precious.toString());
    forged.put("--batch-losses", precious.toString());
    new Checkpoint(forged, honest.state()).save(run);
    Child.Outcome resumed = here("train", "--resume", at("run"));
    assertThat(resumed.exit()).as(resumed.stderr()).isZero();
    assertThat(resumed.stderr())
        .contains("preci\\u001b[31mous is not gone on with")
        .doesNotContain("\u001b[31m");
    assertThat(precious).hasContent("mine");
    Files.delete(folder.resolve("run/history.json"));
    forged.put("--epochs", "-1");
    new Checkpoint(forged, honest.state()).save(run);
    assertThat(here("train", "--resume", at("run")).messages().getFirst())
        .contains("the settings of the run in it cannot be used: --epochs must be");
  }

  private static String read(Path file) {
    assertThat(file).exists();
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
