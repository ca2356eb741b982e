package dev.lanewise.spark;

/** Thrown when tasks cannot exchange what they have computed: both addresses, and why. */
public final class ExchangeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExchangeException(String message, Throwable cause) {
    super(message, cause);
  }

  ExchangeException(String message) {
    super(message);
  }
}
