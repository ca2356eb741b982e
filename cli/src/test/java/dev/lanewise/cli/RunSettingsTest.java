package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a checkpoint remembers of a command line. */
class RunSettingsTest {
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
}
