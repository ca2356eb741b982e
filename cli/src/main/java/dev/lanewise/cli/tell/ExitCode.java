package dev.lanewise.cli.tell;

/** The process's exit codes; 0 and 2 are picocli's own. */
public final class ExitCode {
  public static final int RUN_FAILED = 1;
  public static final int USAGE = 2;
  public static final int DATA = 3;
  public static final int MODEL = 4;
  static final int BACKEND = 5;

  /** What a shell says of a program that was ended by SIGKILL. */
  public static final int KILLED = 137;

  private ExitCode() {}
}
