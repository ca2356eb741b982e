package dev.lanewise.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What every page has alike, from files beside this class. */
final class PagePart {
  private PagePart() {}

  /** Returns the text of a file. */
  static String text(String name) {
    try (InputStream in = PagePart.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + ": is missing beside " + PagePart.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": cannot be read from the program", e);
    }
  }
}
