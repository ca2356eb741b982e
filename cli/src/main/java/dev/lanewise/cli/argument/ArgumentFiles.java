package dev.lanewise.cli.argument;

import java.io.IOException;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Arguments that stand in files: {@code @FILE} is replaced by what the file holds, {@code @@x} is
 * the argument {@code @x}. Blanks and ends of lines part arguments, quotes keep them together, and
 * a line's rest from {@code #} on is a comment. The rules are picocli's own; its reader takes
 * devices, and files that name each other without an end.
 */
public final class ArgumentFiles {
  private static final int MOST_NESTED = 8;

  /** Files may name one another time and again, and few bytes so mean any number. */
  private static final int MOST_ARGUMENTS = 10_000;

  private static final int MOST_FILES = 1000;

  private final CommandLine command;
  private final Texts texts;
  private final List<String> expanded = new ArrayList<>();
  private int files;

  private ArgumentFiles(CommandLine command, Texts texts) {
    this.command = command;
    this.texts = texts;
  }

  /** The texts of files by their names. */
  @FunctionalInterface
  interface Texts {
    /**
     * Returns a file's text.
     *
     * @param named how it was named on the command line, for messages
     * @throws ParameterException if there is none
     */
    String of(String named, String file);
  }

  /**
   * Returns the arguments with those of the files in their places.
   *
   * @throws ParameterException if a file cannot be read, or names too many others
   */
  public static String[] expand(CommandLine command, String[] arguments) {
    return expand(command, arguments, (named, file) -> OptionsFile.text(command, named, file));
  }

  /** Returns the same of files that are elsewhere than on a disk. */
  static String[] expand(CommandLine command, String[] arguments, Texts texts) {
    ArgumentFiles files = new ArgumentFiles(command, texts);
    files.add(List.of(arguments), 0);
    return files.expanded.toArray(String[]::new);
  }

  private void add(List<String> arguments, int depth) {
    for (String argument : arguments) {
      if (!argument.startsWith("@") || argument.length() == 1) {
        expanded.add(argument);
      } else if (argument.startsWith("@@")) {
        expanded.add(argument.substring(1));
      } else if (depth == MOST_NESTED) {
        throw OptionsFile.refused(
            command, argument, "files of arguments name each other more than 8 deep");
      } else if (++files > MOST_FILES) { // empty ones add up to no argument, and to hours
        throw OptionsFile.refused(
            command, argument, "there are more than 1,000 files of arguments");
      } else {
        add(words(texts.of(argument, argument.substring(1))), depth + 1);
      }
      if (expanded.size() > MOST_ARGUMENTS) {
        throw OptionsFile.refused(command, argument, "there are more than 10,000 arguments");
      }
    }
  }

  /** Returns the arguments in a text. */
  static List<String> words(String text) {
    StreamTokenizer tokens = new StreamTokenizer(new StringReader(text));
    tokens.resetSyntax();
    tokens.wordChars(' ', 255);
    tokens.whitespaceChars(0, ' ');
    tokens.quoteChar('"');
    tokens.quoteChar('\'');
    tokens.commentChar('#');
    List<String> words = new ArrayList<>();
    try {
      while (tokens.nextToken() != StreamTokenizer.TT_EOF) {
        words.add(tokens.sval);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return words;
  }
}
