package dev.lanewise.cli;

/** Thrown when a run cannot go on for a reason that its message tells in full. */
final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunFailedException(String message) {
    super(message);
  }
}
