package dev.lanewise.engine.data;

/** Thrown when a file is not what it should be; the message names file, expected and found. */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was expected, what was found and the cure
   */
  public FormatException(String message) {
    super(message);
  }
}
