package dev.lanewise.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The options of a run that its result depends on, by name, with their values: what a checkpoint
 * keeps, so that whoever takes the run up again need not repeat them.
 */
final class RunSettings {
  /** Where and how loudly a run goes changes none of its bits. */
  private static final Set<String> FREE =
      Set.of(
          "--threads",
          "--backend",
          "--out",
          "--no-out",
          "--resume",
          "--batch-losses",
          "--json",
          "--quiet",
          "--verbose",
          "--color",
          "--help",
          "--version",
          "--config");

  private RunSettings() {}

  /** Returns the settings of a parsed command. */
  static Map<String, String> of(CommandLine command) {
    Map<String, String> settings = new TreeMap<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      Object value = option.getValue();
      boolean absent =
          value == null
              || value.equals(false)
              || (value instanceof Collection<?> collection && collection.isEmpty());
      if (!absent && !FREE.contains(option.longestName())) {
        settings.put(option.longestName(), text(value));
      }
    }
    return settings;
  }

  /** A run may be taken up from another folder than it was started in. */
  private static String text(Object value) {
    if (value instanceof Collection<?> several) { // --data alone
      return DataOptions.settled(several);
    }
    return value instanceof Path path ? path.toAbsolutePath().toString() : String.valueOf(value);
  }

  /** Returns those settings that are options as arguments. */
  static List<String> arguments(Map<String, String> settings) {
    List<String> arguments = new ArrayList<>();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith("--")) {
            arguments.add(value.equals("true") ? name : name + "=" + value);
          }
        });
    return arguments;
  }

  /** Returns arguments as a shell reads them back. */
  static String shellLine(List<String> arguments) {
    return arguments.stream()
        .map(
            argument ->
                argument.matches("[A-Za-z0-9_@%+=:,./-]+")
                    ? argument
                    : "'" + argument.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }

  /**
   * Refuses options that say something else than the run's settings.
   *
   * @throws ParameterException naming the first that does
   */
  static void requireSame(CommandLine command, Map<String, String> settings) {
    ParseResult parsed = command.getParseResult();
    Map<String, String> given = of(command);
    for (OptionSpec option : parsed.matchedOptions()) {
      String name = option.longestName();
      if (FREE.contains(name) || name.equals("--checkpoint-every")) {
        continue;
      }
      String there = settings.getOrDefault(name, "not given");
      String here = given.getOrDefault(name, "not given");
      if (!here.equals(there)) {
        throw new ParameterException(
            command,
            name
                + " was "
                + there
                + " when the run was started, found "
                + here
                + "; leave it away");
      }
    }
  }
}
