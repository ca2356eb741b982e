package dev.lanewise.cli;

/** Thrown when the backend that was asked for cannot run here. */
final class BackendUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BackendUnavailableException(String message) {
    super(message);
  }
}
