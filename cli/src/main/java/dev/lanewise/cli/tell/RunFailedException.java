package dev.lanewise.cli.tell;

/** Thrown when a run cannot go on for a reason that its message tells in full. */
public final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RunFailedException(String message) {
    super(message);
  }
}
