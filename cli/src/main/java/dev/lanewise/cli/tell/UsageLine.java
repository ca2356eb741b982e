package dev.lanewise.cli.tell;

import dev.lanewise.engine.text.Printable;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a wrong command line in one line, with suggestions where there are any. */
public final class UsageLine implements IParameterExceptionHandler {
  /** Picocli lists every argument that it has no place for, and a file may hold thousands. */
  private static final int MOST_CHARACTERS = 1000;

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("lanewise: " + message(e));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      suggest(e, err);
    }
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitCode.USAGE;
  }

  /** Returns what is wrong, in one line of no more than some hundred characters. */
  public static String message(ParameterException e) {
    String whole = Printable.of(String.valueOf(e.getMessage()));
    return whole.length() <= MOST_CHARACTERS
        ? whole
        : whole.substring(0, MOST_CHARACTERS) + "... (" + whole.length() + " characters)";
  }

  /** Picocli compares pairs of letters, and so finds nothing for --tpo. */
  private static void suggest(ParameterException e, PrintWriter err) {
    if (e instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption()) {
      String name = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
      Set<String> options = e.getCommandLine().getCommandSpec().optionsMap().keySet();
      Suggestion.nearest(name, options).ifPresent(near -> err.println("Is " + near + " meant?"));
    }
  }
}
