package dev.lanewise.engine.keras;

import dev.lanewise.engine.text.Printable;

/**
 * Thrown when a model file is damaged, hostile, or holds what is not supported; the message names
 * the file and the layer, key or rule, in one printable line whatever the file calls them.
 */
public final class ModelFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was expected, what was found and the cure
   */
  public ModelFormatException(String message) {
    super(Printable.of(message));
  }

  /**
   * Creates the exception with what led to it.
   *
   * @param message what was expected, what was found and the cure
   * @param cause what led to it
   */
  public ModelFormatException(String message, Throwable cause) {
    super(Printable.of(message), cause);
  }
}
