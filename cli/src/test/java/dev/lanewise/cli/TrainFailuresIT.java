package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.engine.data.IdxFolder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the packaged program that cannot succeed: one line and an exit code, no stack trace. */
class TrainFailuresIT {
  @TempDir private Path folder;

  private void fails(int exit, String pattern, String... arguments) {
    Child.Outcome run = Child.run(folder, arguments);
    assertThat(run.exit()).as(run.stderr()).isEqualTo(exit);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.messages()).singleElement().asString().matches("lanewise: " + pattern);
  }

  /** A full disk behind {@code > file} is the device that Linux has for it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void outputThatCannotBeWrittenIsAFailure() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-jar",
                System.getProperty("lanewise.test.jar"),
                "generate-completion")
            .redirectOutput(new File("/dev/full"))
            .start();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(errors).contains("lanewise: standard output cannot be written");
  }

  @Test
  void aFolderThatIsNotThereIsMissingData() {
    fails(
        3,
        "nowhere: is no file or folder, nor one of the data sets mnist, fashion-mnist",
        "train",
        "--data",
        "nowhere");
  }

  @Test
  void truncatedFilesAreInvalidData() throws IOException {
    Path data = Files.createDirectory(folder.resolve("cut"));
    for (String name : IdxFolder.NAMES) {
      try (InputStream in = Lanewise.class.getResourceAsStream("mnist/" + name + ".gz")) {
        Files.write(data.resolve(name + ".gz"), in.readNBytes(3000));
      }
    }
    fails(
        3, "cut/train-labels-idx1-ubyte.gz: ends after \\d+ of 60000 bytes", "train", "--data=cut");
  }

  @Test
  void aBackendThatIsNotThereIsNamedWithTheReason() {
    assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "this machine has a GPU");
    fails(5, "backend cuda is not available: .+", "train", "--backend", "cuda");
  }

  @Test
  void aModelTooLargeForTheMemoryIsRefusedBeforeItIsMade() {
    fails(1, "a plan of .* needs [\\d,]+ bytes off-heap.*", "train", "--units", "60000");
  }

  @Test
  void aRunThatDivergesNamesEpochAndBatch() {
    fails(
        1,
        "fit: the loss is NaN in epoch 1, batch \\d; .*",
        "train",
        "--limit=600",
        "--learning-rate=1e38",
        "--quiet");
  }

  @Test
  void aLastUpdateThatDivergesIsNoSuccess() {
    String[] once = {
      "train", "--limit=600", "--batch-size=600", "--epochs=1", "--learning-rate=1e38", "--quiet"
    };
    fails(1, "fit: the validation loss is NaN after epoch 1; .*", once);
    String[] unvalidated = Arrays.copyOf(once, once.length + 1);
    unvalidated[once.length] = "--validation-split=0";
    fails(1, "the test loss is NaN after the last update; .*", unvalidated);
  }

  @Test
  void batchLossesThatCannotBeWrittenAreRefusedBeforeTraining() {
    fails(
        1,
        "--batch-losses no/such/folder.csv: cannot be written: .*",
        "train",
        "--batch-losses",
        "no/such/folder.csv");
  }

  @Test
  void aRunThatFailsLeavesNoBatchLosses() throws IOException {
    fails(3, "nowhere: .*", "train", "--data=nowhere", "--batch-losses=losses.csv");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("stdout", "stderr");
    }
  }

  @Test
  void aLogThatCannotBeWrittenIsRefusedBeforeTraining() {
    fails(
        3,
        "no/log.csv: cannot be written: there is no folder .*/no",
        "train",
        "--csv-log=no/log.csv");
  }

  /** The only copy of the trained model is in memory then. */
  @Test
  void noTemporaryFolderIsNeeded() {
    List<String> options = List.of("-Djava.io.tmpdir=" + folder.resolve("none"));
    String[] train = {
      "train", "--limit=600", "--epochs=1", "--units=8", "--out=run", "--save-best"
    };
    Child.Outcome run = Child.start(folder, options, train).await(120);
    assertThat(run.exit()).as(run.stderr()).isZero();
    for (String name : List.of("model.keras", "best.keras", "curves.png")) {
      assertThat(folder.resolve("run").resolve(name)).isNotEmptyFile();
    }
  }

  /** Java would take another folder for this one, and make it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatTheLocaleCannotNameIsRefused() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    for (String flag : List.of("--add-modules=jdk.incubator.vector", "-Dnone=0")) {
      String script = "d=$(printf 'r\\303\\274n'); mkdir -p \"$d\"; cd \"$d\"; exec \"$@\" 2>&1";
      ProcessBuilder builder =
          new ProcessBuilder(
              "sh",
              "-c",
              script,
              "sh",
              java,
              flag,
              "-jar",
              System.getProperty("lanewise.test.jar"),
              "train",
              "--limit=600",
              "--epochs=1");
      builder.environment().keySet().removeAll(List.of("LANG", "LC_CTYPE"));
      builder.environment().put("LC_ALL", "C");
      Process process = builder.directory(folder.toFile()).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isEqualTo(78);
      assertThat(said).contains("LC_ALL=C.UTF-8");
      try (var files = Files.list(folder)) {
        assertThat(files).hasSize(1);
      }
    }
  }
}
