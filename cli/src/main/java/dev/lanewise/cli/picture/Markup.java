package dev.lanewise.cli.picture;

import dev.lanewise.engine.text.Printable;

/** Text in XML and HTML. */
public final class Markup {
  private Markup() {}

  /** Returns text that is text wherever it stands, in content and in quoted attributes. */
  public static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isText(c) ? c : '?');
              }
            });
    return safe.toString();
  }

  /** XML has no place for most control characters, and others reorder the page around them. */
  private static boolean isText(int c) {
    return c == '\n' || c == '\t' || (Printable.isFit(c) && c != 0xFFFE && c != 0xFFFF);
  }
}
