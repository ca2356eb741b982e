package dev.lanewise.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;

/**
 * A command run in this process.
 *
 * @param exit the exit code
 * @param out what it wrote to stdout
 * @param err what it wrote to stderr
 */
record InProcess(int exit, String out, String err) {
  /** Returns it as a process's. */
  Child.Outcome outcome() {
    return new Child.Outcome(exit, out, err);
  }

  static InProcess run(Object... arguments) {
    String[] args = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      CommandLine command = Lanewise.commandLine(args);
      command.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
      command.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
      int exit = Lanewise.execute(command, args);
      return new InProcess(
          exit, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
