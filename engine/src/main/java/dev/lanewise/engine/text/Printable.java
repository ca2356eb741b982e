package dev.lanewise.engine.text;

import java.util.Locale;

/**
 * Text of others, such as a name in a file, made fit for one line of a terminal or a log. What
 * would steer the terminal (control characters, of which ESC begins a command), begin another line
 * or reorder the text around it (formatting characters) is written as JSON writes it: {@code
 * \\u001b}.
 */
public final class Printable {
  private Printable() {}

  /**
   * {@return the text in one line, each unfit character as a backslash, u and four digits}
   *
   * @param text as somebody else wrote it
   */
  public static String of(String text) {
    if (text.codePoints().allMatch(Printable::isFit)) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isFit(c)) {
                line.appendCodePoint(c);
              } else {
                for (char unit : Character.toChars(c)) {
                  line.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
              }
            });
    return line.toString();
  }

  /**
   * {@return the text in one line and cut}
   *
   * @param text as somebody else wrote it
   * @param most the most characters of the text to keep
   */
  public static String of(String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) {
      return of(text);
    }
    return of(text.substring(0, text.offsetByCodePoints(0, most))) + "...";
  }

  /**
   * {@return whether a character stands for itself in the middle of a line}
   *
   * @param c its code point
   */
  public static boolean isFit(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
