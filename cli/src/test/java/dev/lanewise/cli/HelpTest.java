package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
  private static final int COLUMNS = 80;

  private static List<String> lines(CommandLine command) {
    return command.getUsageMessage(Ansi.OFF).lines().toList();
  }

  private static CommandLine train() {
    return Lanewise.commandLine("train").getSubcommands().get("train");
  }

  @Test
  void everyTextFitsEightyColumns() {
    CommandLine root = Lanewise.commandLine();
    assertThat(lines(root)).allMatch(line -> line.length() <= COLUMNS);
    root.getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(lines(command)).as(name).allMatch(line -> line.length() <= COLUMNS));
  }

  @Test
  void trainTellsItsOptionsInGroups() {
    List<String> headings =
        lines(train()).stream().filter(line -> line.matches("[A-Z][a-z]+:")).toList();
    assertThat(headings)
        .containsExactly("Data:", "Model:", "Optimizer:", "Run:", "Output:", "Help:", "Examples:");
  }

  /** Each once: in no group twice, and none but --help and --version in none. */
  @Test
  void trainTellsEachOptionOnce() {
    CommandLine train = train();
    Map<String, Integer> told = new HashMap<>();
    String group = "";
    for (String line : lines(train)) {
      group = line.matches("[A-Z][a-z]+:") ? line : group;
      String name = line.strip().replaceFirst("^-., ", "").replaceFirst("[=\\s].*", "");
      if (line.matches(" {2,6}-.*")) {
        told.merge(name, 1, Integer::sum);
        assertThat(group.equals("Help:"))
            .as(name + " stands under " + group)
            .isEqualTo(name.equals("--help") || name.equals("--version"));
      }
    }
    Map<String, Integer> expected = new HashMap<>();
    for (OptionSpec option : train.getCommandSpec().options()) {
      expected.put(option.longestName(), 1);
    }
    assertThat(told).isEqualTo(expected);
  }
}
