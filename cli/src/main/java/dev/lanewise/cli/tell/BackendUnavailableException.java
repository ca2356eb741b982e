package dev.lanewise.cli.tell;

/** Thrown when the backend that was asked for cannot run here. */
public final class BackendUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BackendUnavailableException(String message) {
    super(message);
  }
}
