package dev.lanewise.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of all kernels, and of one. A driver takes some seconds to compile all of them, of which
 * a model needs ten at most: so each goes to it alone, when it is first needed.
 */
final class Ptx {
  private static final String RESOURCE = "/dev/lanewise/cuda/lanewise.ptx";
  private static final String PROPERTY = "lanewise.cuda.ptx";
  private static final Pattern ENTRY = Pattern.compile("(?:\\.visible\\s+)?\\.entry\\s+(\\w+)");

  private final String source;
  private final String text;
  private final String shared;
  private final Map<String, String> kernels = new HashMap<>();

  /**
   * Takes kernels apart.
   *
   * @param source where they are from, see {@link #sourceNow}
   * @param text the whole
   * @throws IllegalArgumentException if it ends within a kernel
   */
  Ptx(String source, String text) {
    this.source = source;
    this.text = text;
    StringBuilder rest = new StringBuilder();
    Matcher entry = ENTRY.matcher(text);
    int at = 0;
    while (entry.find(at)) {
      rest.append(text, at, entry.start());
      at = endOfBody(entry.end());
      kernels.put(entry.group(1), text.substring(entry.start(), at));
    }
    shared = rest.append(text, at, text.length()).toString();
  }

  /** What is shipped, read once a process. */
  private static final class Shipped {
    private static final Ptx PTX = readFrom("");
  }

  /** Returns the file that {@code -Dlanewise.cuda.ptx=FILE} names, empty for what is shipped. */
  static String sourceNow() {
    return System.getProperty(PROPERTY, "");
  }

  /** Returns all kernels. */
  static Ptx read() {
    String file = sourceNow();
    return file.isEmpty() ? Shipped.PTX : readFrom(file);
  }

  private static Ptx readFrom(String file) {
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

  String source() {
    return source;
  }

  String text() {
    return text;
  }

  /**
   * Returns the text without its other kernels: the header, what kernels share, and this one.
   *
   * @throws IllegalArgumentException if it is not there
   */
  String only(String kernel) {
    String body = kernels.get(kernel);
    if (body == null) {
      throw new IllegalArgumentException(
          "the PTX has no kernel " + kernel + (source.isEmpty() ? "" : ": " + source));
    }
    return shared + body + '\n';
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
