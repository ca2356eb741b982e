package dev.lanewise.engine.tensor;

/** Thrown before an allocation that would exceed the budget of off-heap bytes, or that failed. */
public final class InsufficientMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public InsufficientMemoryException(String message) {
    super(message);
  }
}
