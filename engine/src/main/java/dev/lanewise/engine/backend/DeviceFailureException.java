package dev.lanewise.engine.backend;

/** Thrown when a device or its driver fails: what was tried, and their own name for the reason. */
public final class DeviceFailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was expected, what was found and the cure
   */
  public DeviceFailureException(String message) {
    super(message);
  }
}
