package dev.lanewise.cli.train.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.cli.Lanewise;
import dev.lanewise.cli.argument.ConfigFile;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.train.TrainCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a checkpoint remembers of a command line. */
class RunSettingsTest {
  @TempDir Path folder;

  private static String data(String... arguments) {
    CommandLine command = new CommandLine(new TrainCommand());
    command.parseArgs(arguments);
    return RunSettings.of(command).get("--data");
  }

  @Test
  void aRunCanBeTakenUpFromAnotherFolder() {
    assertThat(data("--data", "a.csv,b.csv"))
        .isEqualTo(Path.of("a.csv").toAbsolutePath() + "," + Path.of("b.csv").toAbsolutePath());
    assertThat(data("--data", "fashion-mnist")).isEqualTo("fashion-mnist");
    assertThat(data()).isNull();
  }

  @Test
  void whatTheModelIsGoesIntoTheSettingsAndComesBack() {
    CommandLine command = new CommandLine(new TrainCommand());
    command.parseArgs("--cell", "lstm", "--layers", "2", "--units", "16");
    Map<String, String> settings = RunSettings.of(command);
    assertThat(settings).containsEntry("--cell", "lstm").containsEntry("--layers", "2");
    CommandLine again = new CommandLine(new TrainCommand());
    again.parseArgs(RunSettings.arguments(settings).toArray(String[]::new));
    assertThat(RunSettings.of(again)).isEqualTo(settings);
    assertThatThrownBy(
            () -> RunSettings.requireSame(command, Map.of("--cell", "gru"), "leave it away"))
        .hasMessage("--cell was gru when the run was started, found lstm; leave it away");
  }

  @Test
  void whatIsKeptIsReadBackAlike() {
    Map<String, String> settings =
        Map.of("--data", "/a b/\u00fc#,c=:d", "--epochs", "3", "--no-shuffle", "true");
    RunFolder run = new RunFolder(folder);
    RunSettings.keep(run, settings);
    CommandLine command = new CommandLine(new TrainCommand());
    assertThat(RunSettings.kept(command, run)).isEqualTo(settings);
    assertThat(RunSettings.kept(command, new RunFolder(folder.resolve("none")))).isNull();
  }

  /** Whoever made the file would choose what is written where. */
  @Test
  void noFileSaysWhereToWrite() {
    Map<String, String> forged = new TreeMap<>();
    for (String name : List.of("--csv-log", "--batch-losses", "--out", "--resume")) {
      forged.put(name, "/precious");
    }
    forged.put("--epochs", "3");
    assertThat(RunSettings.arguments(forged)).containsExactly("--epochs=3");
  }

  @Test
  void optionsOfAConfigurationAreGivenToo() throws IOException {
    Path config = Files.writeString(folder.resolve("c"), "epochs = 3\nquiet = true\n");
    CommandLine root = Lanewise.commandLine("train");
    String[] left = ConfigFile.apply(root, new String[] {"train", "--config", config.toString()});
    root.parseArgs(left);
    CommandLine command = root.getSubcommands().get("train");
    assertThat(RunSettings.given(command)).containsExactly("--epochs");
    assertThatThrownBy(
            () -> RunSettings.requireSame(command, Map.of("--epochs", "5"), "leave it away"))
        .hasMessage("--epochs was 5 when the run was started, found 3; leave it away");
  }
}
