package dev.lanewise.cli.picture;

/** Thrown when the system has no font to label a picture with. */
public final class NoFontsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoFontsException(Throwable cause) {
    super(
        "pictures need a font and this system has none; install fontconfig and one such as DejaVu",
        cause);
  }
}
