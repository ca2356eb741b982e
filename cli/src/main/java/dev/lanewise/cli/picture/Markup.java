package dev.lanewise.cli.picture;

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
                default -> safe.appendCodePoint(c < ' ' && c != '\n' && c != '\t' ? '?' : c);
              }
            });
    return safe.toString();
  }
}
