package dev.lanewise.cli.tell;

import java.io.Console;

/** Where a line can be drawn over, and a picture made of half blocks. */
public final class Terminal {
  private Terminal() {}

  /** Returns whether somebody looks on. */
  @SuppressWarnings("SystemConsoleNull") // it is null again with JDK 25's plain console
  public static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
  }
}
