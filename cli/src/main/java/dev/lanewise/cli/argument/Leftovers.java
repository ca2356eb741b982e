package dev.lanewise.cli.argument;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a command unless there are arguments that no option and no parameter takes. Picocli's own
 * refusal appends one after another to what it says: 1,000 of 100 letters, which a file may hold,
 * cost it 400 MB.
 */
public final class Leftovers implements IExecutionStrategy {
  private static final int TOLD = 10;

  /** Has a command line that is built leave the refusal to this class. */
  public static CommandLine leftBy(CommandLine root) {
    return root.setUnmatchedArgumentsAllowed(true).setExecutionStrategy(new Leftovers());
  }

  @Override
  public int execute(ParseResult parsed) {
    refuse(parsed);
    return new RunLast().execute(parsed);
  }

  /**
   * Refuses arguments without a place, of which it names the first.
   *
   * @throws UnmatchedArgumentException if there are any, and nobody asked for help
   */
  static void refuse(ParseResult parsed) {
    List<CommandLine> commands = parsed.asCommandLineList();
    if (commands.stream().anyMatch(Leftovers::asksForHelp)) {
      return;
    }
    for (CommandLine command : commands) {
      List<String> left = command.getUnmatchedArguments();
      if (!left.isEmpty()) {
        throw new UnmatchedArgumentException(command, left.subList(0, Math.min(TOLD, left.size())));
      }
    }
  }

  private static boolean asksForHelp(CommandLine command) {
    return command.isUsageHelpRequested()
        || command.isVersionHelpRequested()
        || command.getCommandSpec().helpCommand();
  }
}
