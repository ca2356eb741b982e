package dev.lanewise.cli.argument;

import dev.lanewise.cli.tell.Suggestion;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Defaults from a file of properties, an option's name without its dashes each: {@code epochs = 3}.
 * An option on the command line outweighs the file.
 */
public final class ConfigFile implements IDefaultValueProvider {
  private static final String OPTION = "--config";

  private final Properties values;

  private ConfigFile(Properties values) {
    this.values = values;
  }

  /**
   * Takes {@code --config FILE} out of the arguments and makes the file's values the defaults of
   * the command.
   *
   * @return the arguments that are left
   * @throws ParameterException if the file cannot be read, or has a name that is no option
   */
  public static String[] apply(CommandLine root, String[] args) {
    List<String> left = new ArrayList<>();
    String file = null;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals(OPTION)) {
        if (i + 1 == args.length) {
          throw new ParameterException(root, "--config needs a FILE of properties");
        }
        file = args[++i];
      } else if (args[i].startsWith(OPTION + "=")) {
        file = args[i].substring(OPTION.length() + 1);
      } else {
        left.add(args[i]);
      }
    }
    if (file != null) {
      CommandLine command = left.isEmpty() ? null : root.getSubcommands().get(left.getFirst());
      if (command == null) {
        throw new ParameterException(root, "--config comes after a command");
      }
      command.setDefaultValueProvider(new ConfigFile(read(command, file)));
    }
    return left.toArray(String[]::new);
  }

  /**
   * Returns a file's properties.
   *
   * @throws ParameterException if it cannot be read, or is none
   */
  public static Properties properties(CommandLine command, String named, String file) {
    return parsed(command, named, OptionsFile.text(command, named, file));
  }

  /** Returns the properties in a text. */
  static Properties parsed(CommandLine command, String named, String text) {
    Properties values = new Properties();
    try {
      values.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      throw OptionsFile.refused(command, named, "cannot be read as properties");
    }
    return values;
  }

  private static Properties read(CommandLine command, String file) {
    Properties values = properties(command, OPTION + ": " + file, file);
    for (String name : new TreeSet<>(values.stringPropertyNames())) {
      if (!command.getCommandSpec().optionsMap().containsKey("--" + name)) {
        throw new ParameterException(
            command,
            "--config: "
                + file
                + " sets "
                + name
                + ", and "
                + command.getCommandName()
                + " has no option of that name"
                + Suggestion.of(name, command.getCommandSpec().optionsMap().keySet()));
      }
    }
    return values;
  }

  /** Returns whether a command has a value for an option from its configuration file. */
  public static boolean sets(CommandLine command, OptionSpec option) {
    return command.getDefaultValueProvider() instanceof ConfigFile file
        && file.defaultValue(option) != null;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? values.getProperty(option.longestName().substring(2))
        : null;
  }
}
