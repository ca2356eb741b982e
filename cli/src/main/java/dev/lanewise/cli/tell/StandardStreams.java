package dev.lanewise.cli.tell;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output and error, which tell more than ASCII can. */
public final class StandardStreams {
  private StandardStreams() {}

  /**
   * Lets them write UTF-8 where the locale knows ASCII alone. That is the locale C, or POSIX, which
   * containers and services begin with: it says that nobody has chosen one, and not what the
   * terminal shows, and bars, curves and digits would be rows of question marks. Python does the
   * same (PEP 540).
   */
  public static void widen() {
    if (isNarrow(System.out)) {
      System.setOut(wide(FileDescriptor.out));
    }
    if (isNarrow(System.err)) {
      System.setErr(wide(FileDescriptor.err));
    }
  }

  private static boolean isNarrow(PrintStream stream) {
    return stream.charset().equals(StandardCharsets.US_ASCII);
  }

  /** As the JVM makes them: what is printed is out when the call returns. */
  private static PrintStream wide(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 128),
        true,
        StandardCharsets.UTF_8);
  }
}
