package dev.lanewise.cuda;

/** A call of the driver that failed: what was asked, and the driver's own name for the reason. */
public final class CudaFailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public CudaFailureException(String message) {
    super(message);
  }
}
