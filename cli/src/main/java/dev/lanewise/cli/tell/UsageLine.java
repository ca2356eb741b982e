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
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("lanewise: " + Printable.of(String.valueOf(e.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      suggest(e, err);
    }
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitCode.USAGE;
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
