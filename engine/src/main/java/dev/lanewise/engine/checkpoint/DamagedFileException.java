package dev.lanewise.engine.checkpoint;

/**
 * Thrown when a file is not what was once written; the message names the file and what is wrong.
 */
public final class DamagedFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was expected, what was found and the cure
   */
  public DamagedFileException(String message) {
    super(message);
  }
}
