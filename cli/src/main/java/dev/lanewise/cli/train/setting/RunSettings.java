package dev.lanewise.cli.train.setting;

import dev.lanewise.cli.argument.ConfigFile;
import dev.lanewise.cli.argument.DataOptions;
import dev.lanewise.cli.run.RunFolder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The options of a run that its result depends on, by name, with their values: what a checkpoint
 * keeps, so that whoever takes the run up again need not repeat them.
 */
public final class RunSettings {
  /**
   * Where and how loudly a run goes changes none of its bits. None of these is ever taken from a
   * file: whoever made it would choose what is written where.
   */
  private static final Set<String> FREE =
      Set.of(
          "--threads",
          "--backend",
          "--out",
          "--force",
          "--no-out",
          "--resume",
          "--batch-losses",
          "--csv-log",
          "--tensorboard",
          "--tensorboard-histograms",
          "--json",
          "--quiet",
          "--verbose",
          "--color",
          "--help",
          "--version",
          "--config");

  private RunSettings() {}

  /** Returns the settings of a parsed command. */
  public static Map<String, String> of(CommandLine command) {
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
  public static List<String> arguments(Map<String, String> settings) {
    List<String> arguments = new ArrayList<>();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith("--") && !FREE.contains(name)) {
            arguments.add(value.equals("true") ? name : name + "=" + value);
          }
        });
    return arguments;
  }

  /** Keeps settings in the run's folder, so that they are there before the first checkpoint is. */
  public static void keep(RunFolder folder, Map<String, String> settings) {
    Properties properties = new Properties();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith("--")) {
            properties.setProperty(name.substring(2), value);
          }
        });
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    folder.write(
        RunFolder.SETTINGS,
        text.toString()
            .lines()
            .filter(line -> !line.startsWith("#")) // the date
            .sorted()
            .collect(Collectors.joining("\n", "", "\n")));
  }

  /** Returns what {@link #keep} has kept, or null if there is no such file. */
  public static @Nullable Map<String, String> kept(CommandLine command, RunFolder folder) {
    Path file = folder.file(RunFolder.SETTINGS);
    if (!Files.exists(file)) {
      return null;
    }
    Properties properties = ConfigFile.properties(command, file.toString(), file.toString());
    Map<String, String> settings = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      settings.put("--" + name, properties.getProperty(name));
    }
    return settings;
  }

  /** Returns the names of the options that were given, by whichever way. */
  public static Set<String> given(CommandLine command) {
    ParseResult parsed = command.getParseResult();
    Set<String> names = new TreeSet<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      String name = option.longestName();
      if (!FREE.contains(name)
          && (parsed.hasMatchedOption(option) || ConfigFile.sets(command, option))) {
        names.add(name);
      }
    }
    return names;
  }

  /** Returns arguments as a shell reads them back. */
  public static String shellLine(List<String> arguments) {
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
   * @param cure what to do instead
   * @throws ParameterException naming the first that does
   */
  public static void requireSame(CommandLine command, Map<String, String> settings, String cure) {
    Map<String, String> values = of(command);
    for (String name : given(command)) {
      String there = settings.getOrDefault(name, "not given");
      String here = values.getOrDefault(name, "not given");
      if (!name.equals("--checkpoint-every") && !here.equals(there)) {
        throw new ParameterException(
            command,
            name + " was " + there + " when the run was started, found " + here + "; " + cure);
      }
    }
  }
}
