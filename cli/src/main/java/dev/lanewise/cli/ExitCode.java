package dev.lanewise.cli;

/** The process's exit codes; 0 and 2 are picocli's own. */
final class ExitCode {
  static final int RUN_FAILED = 1;
  static final int USAGE = 2;
  static final int DATA = 3;
  static final int MODEL = 4;
  static final int BACKEND = 5;

  /** What a shell says of a program that was ended by SIGKILL. */
  static final int KILLED = 137;

  private ExitCode() {}
}
