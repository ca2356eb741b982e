package dev.lanewise.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of all kernels, and of one. A driver takes some seconds to compile all of them, of which
 * a model needs ten at most: so each goes to it alone, when it is first needed.
 *
 * @param source where it is from, see {@link #sourceNow}
 * @param text the whole
 */
record Ptx(String source, String text) {
  private static final String RESOURCE = "/dev/lanewise/cuda/lanewise.ptx";
  private static final String PROPERTY = "lanewise.cuda.ptx";
  private static final Pattern ENTRY = Pattern.compile("(?:\\.visible\\s+)?\\.entry\\s+(\\w+)");

  /** Returns the file that {@code -Dlanewise.cuda.ptx=FILE} names, empty for what is shipped. */
  static String sourceNow() {
    return System.getProperty(PROPERTY, "");
  }

  /** Reads all kernels. */
  static Ptx read() {
    String file = sourceNow();
    try (InputStream in =
        file.isEmpty()
            ? Ptx.class.getResourceAsStream(RESOURCE)
            : Files.newInputStream(Path.of(file))) {
      byte[] bytes = Objects.requireNonNull(in, RESOURCE).readAllBytes();
      return new Ptx(file, new String(bytes, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("the kernels' PTX cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the text without its other kernels: the header, what kernels share, and this one.
   *
   * @throws IllegalArgumentException if it is not there
   */
  String only(String kernel) {
    StringBuilder part = new StringBuilder();
    Matcher entry = ENTRY.matcher(text);
    boolean found = false;
    int at = 0;
    while (entry.find(at)) {
      boolean wanted = entry.group(1).equals(kernel);
      int end = endOfBody(entry.end());
      part.append(text, at, wanted ? end : entry.start());
      found |= wanted;
      at = end;
    }
    if (!found) {
      throw new IllegalArgumentException(
          "the PTX has no kernel " + kernel + (source.isEmpty() ? "" : ": " + source));
    }
    return part.append(text, at, text.length()).toString();
  }

  private int endOfBody(int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("the PTX ends within a kernel");
  }
}
