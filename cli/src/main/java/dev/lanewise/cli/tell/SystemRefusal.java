package dev.lanewise.cli.tell;

import dev.lanewise.engine.text.Printable;
import org.jspecify.annotations.Nullable;

/**
 * An error of the JVM's that says what the system, or the heap, had no more of: no defect, and
 * nothing that a stack trace explains.
 *
 * @param line what is told
 * @param exitCode what the process ends with
 */
public record SystemRefusal(String line, int exitCode) {
  /** Returns what an error says of the system, or null where it says something else. */
  public static @Nullable SystemRefusal of(Error error) {
    if (error instanceof OutOfMemoryError memory) {
      return new SystemRefusal(lineOf(memory), ExitCode.RUN_FAILED);
    }
    String file = unopenedFile(error);
    return file == null
        ? null
        : new SystemRefusal(
            "the Java runtime could not open a file of its own ("
                + Printable.of(file)
                + "); raise the limit of open files, ulimit -n",
            ExitCode.DATA);
  }

  /**
   * Time zones, libraries and more the JDK opens where it needs them, and knows no way to fail but
   * an error that wraps the exception, or has its words. The innermost says it best.
   */
  private static @Nullable String unopenedFile(Error error) {
    String innermost = null;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("Too many open files")) {
        innermost = message;
      }
    }
    return innermost;
  }

  /** What the system refuses is an error of the same class, with another cure. */
  private static String lineOf(OutOfMemoryError e) {
    String reason = String.valueOf(e.getMessage());
    if (reason.startsWith("Unable to allocate")) { // by Unsafe: a buffer off-heap
      return "the system refused memory (" + reason + "); end other programs, or raise its limit";
    }
    if (reason.contains("native thread")) {
      return "the system refused a thread ("
          + reason
          + "); take fewer --threads, or raise the limit of processes or memory";
    }
    return "out of heap memory ("
        + reason
        + "), of which there are "
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " MiB; raise it with java -XX:MaxRAMPercentage=75, or -Xmx";
  }
}
