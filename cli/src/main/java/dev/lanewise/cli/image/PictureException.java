package dev.lanewise.cli.image;

/** Thrown within this package when a picture is refused; the message goes on from its name. */
final class PictureException extends Exception {
  private static final long serialVersionUID = 1L;

  PictureException(String message) {
    super(message);
  }
}
