package dev.lanewise.engine.tensor;

/** Thrown before an allocation that would exceed the budget of off-heap bytes, or that failed. */
public final class InsufficientMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was expected, what was found and the cure
   */
  public InsufficientMemoryException(String message) {
    super(message);
  }
}
