package dev.lanewise.engine.archive;

/**
 * Thrown when an archive is not what it claims to be; the message names the archive and the rule.
 */
public final class ArchiveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was expected, what was found and the cure
   */
  public ArchiveException(String message) {
    super(message);
  }
}
