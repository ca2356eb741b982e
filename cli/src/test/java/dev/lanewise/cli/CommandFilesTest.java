package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What every command holds the files to that it reads and writes. */
class CommandFilesTest {
  @TempDir Path folder;

  private String err = "";

  private int run(Object... arguments) {
    InProcess command = InProcess.run(arguments);
    err = command.err();
    return command.exit();
  }

  @Test
  void filesOfArgumentsThatNameEachOtherHaveAnEnd() throws IOException {
    Path last = Files.writeString(folder.resolve("9"), "--rows 1");
    for (int i = 8; i >= 0; i--) {
      last = Files.writeString(folder.resolve("" + i), "@" + last);
    }
    assertThat(run("show", "@" + last)).isEqualTo(2);
    assertThat(err).contains("name each other more than 8 deep");
    assertThat(run("show", "@" + folder.resolve("3"))).isZero();
    Path empty = Files.writeString(folder.resolve("empty"), "");
    Path many = Files.writeString(folder.resolve("many"), ("@" + empty + "\n").repeat(800));
    Path more = Files.writeString(folder.resolve("more"), ("@" + many + "\n").repeat(800));
    assertThat(run("show", "@" + more)).isEqualTo(2);
    assertThat(err).contains("more than 1,000 files of arguments");
    Path self = folder.resolve("self");
    Files.writeString(self, "@" + self);
    assertThat(run("show", "@" + self)).isEqualTo(2);
    assertThat(run("show", "@@self")).isEqualTo(2);
    assertThat(err).contains("'@self'");
  }

  @Test
  void whoAsksForHelpIsNotToldOfArguments() {
    assertThat(run("show", "--help", "x")).isZero();
    assertThat(run("help", "show", "x")).isZero();
    assertThat(run("--version", "x")).isZero();
    assertThat(run("help", "shwo")).isEqualTo(2);
    assertThat(run("shwo")).isEqualTo(2);
    assertThat(err).contains("Unmatched argument at index 0: 'shwo'").contains("lanewise show");
  }

  @Test
  void argumentsWithoutAPlaceAreNotAllRepeated() throws IOException {
    Path data = Files.writeString(folder.resolve("data"), "0.25 0.5\n".repeat(400));
    assertThat(run("show", "@" + data)).isEqualTo(2);
    assertThat(err).contains("'0.25', '0.5'").hasSizeLessThan(500);
    Files.writeString(data, "x".repeat(1000));
    assertThat(run("show", "@" + data)).isEqualTo(2);
    assertThat(err).contains("characters)").hasSizeLessThan(1500);
    Files.writeString(data, "0.25 0.5\n".repeat(5001));
    assertThat(run("show", "@" + data)).isEqualTo(2);
    assertThat(err).contains("there are more than 10,000 arguments");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noFileThatIsReadHoldsACommandUp() throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path pipe = run.resolve("history.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (Path endless : List.of(pipe, Path.of("/dev/zero"))) {
      String told = endless + ": cannot be read: expected a file, found a device or pipe";
      assertThat(run("plot", endless)).isEqualTo(3);
      assertThat(err).contains(told);
      assertThat(run("show", "--config", endless)).isEqualTo(2);
      assertThat(err).contains("--config: " + told);
      assertThat(run("show", "@" + endless)).isEqualTo(2);
      assertThat(err).contains("@" + told);
    }
    assertThat(run("report", run)).isEqualTo(3);
    Files.createFile(run.resolve("model.keras"));
    assertThat(run("train", "--resume", run)).isEqualTo(3);
    assertThat(err).contains("history.json: cannot be read: expected a file");
  }

  /** Before the model and the data are read, which are not even there. */
  @Test
  void aPlaceThatCannotBeWrittenIsToldFirst() {
    Path nowhere = folder.resolve("no");
    assertThat(run("show", "--data", "nix", "--out", nowhere.resolve("x.png"))).isEqualTo(3);
    assertThat(err).contains("x.png: cannot be written: there is no folder " + nowhere);
    assertThat(run("plot", "nix.json", "--out", nowhere.resolve("x.svg"))).isEqualTo(3);
    assertThat(err).contains("x.svg: cannot be written");
    assertThat(run("convert", "nix.keras", nowhere.resolve("x.onnx"))).isEqualTo(3);
    assertThat(err).contains("x.onnx: cannot be written");
    assertThat(run("train", "--data", "nix", "--no-out", "--csv-log", nowhere.resolve("x.csv")))
        .isEqualTo(3);
    assertThat(err).contains("x.csv: cannot be written");
  }
}
