package dev.lanewise.cli.tell;

import dev.lanewise.cli.picture.NoFontsException;
import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.checkpoint.DamagedFileException;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.train.DivergedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Tells a failed run in one line, in which no text of a file's steers the terminal, and chooses the
 * exit code. What is not foreseen keeps its stack trace: that is a defect of the program, and its
 * report should hold all there is.
 */
public final class FailureLine implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    err.println("lanewise: " + Printable.of(message(e)));
    if (!isForeseen(e) || isVerbose(parsed)) {
      trace(e).lines().map(line -> Printable.of(line.replace("\t", "    "))).forEach(err::println);
    }
    err.flush();
    return exitCode(e);
  }

  private static String trace(Exception e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  private static String message(Exception e) {
    return switch (e) {
      case InvalidPathException path ->
          path.getInput()
              + ": cannot be the name of a file here ("
              + path.getReason()
              + "); a locale in UTF-8, as LC_ALL=C.UTF-8, can name all";
      case RuntimeException nameless when e.getMessage() == null -> e.toString();
      default -> String.valueOf(e.getMessage());
    };
  }

  private static int exitCode(Exception e) {
    return switch (e) {
      case FormatException f -> ExitCode.DATA;
      case UncheckedIOException io -> ExitCode.DATA;
      case DamagedFileException damaged -> ExitCode.DATA;
      case ModelFormatException model -> ExitCode.MODEL;
      case BackendUnavailableException b -> ExitCode.BACKEND;
      default -> ExitCode.RUN_FAILED;
    };
  }

  private static boolean isForeseen(Exception e) {
    return e instanceof FormatException
        || e instanceof UncheckedIOException
        || e instanceof DamagedFileException
        || e instanceof ModelFormatException
        || e instanceof NoFontsException
        || e instanceof BackendUnavailableException
        || e instanceof RunFailedException
        || e instanceof DeviceFailureException
        || e instanceof InsufficientMemoryException
        || e instanceof DivergedException
        || e instanceof IllegalArgumentException;
  }

  private static boolean isVerbose(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--verbose");
  }
}
