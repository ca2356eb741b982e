package dev.lanewise.engine.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Changes to words, and to lines: tables, properties and arguments. The first byte of a change says
 * which word; the rest is put in its place, {@code #} and four bytes as a whole number. Without a
 * rest, its line stands there twice.
 */
public final class TextEdits {
  private static final Pattern BETWEEN = Pattern.compile("(?<=[,;\t \n=])|(?=[,;\t \n=])");
  private static final int MOST_CHARACTERS = 1 << 13;

  private TextEdits() {}

  /** See {@link Edits.Editor}. */
  public static byte[] edited(byte[] file, List<byte[]> edits) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    for (byte[] edit : edits) {
      List<String> parts = new ArrayList<>(List.of(BETWEEN.split(text)));
      List<Integer> words = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        if (!BETWEEN.matcher(parts.get(i)).find()) {
          words.add(i);
        }
      }
      if (words.isEmpty() || text.length() > MOST_CHARACTERS) {
        break;
      }
      int word = words.get(Edits.number(edit, 0) % words.size());
      if (edit.length > 1) {
        parts.set(word, word(edit));
      } else {
        repeat(parts, word);
      }
      text = String.join("", parts);
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String word(byte[] edit) {
    return edit[1] == '#'
        ? Integer.toString(Edits.whole(edit, 2))
        : new String(Edits.rest(edit, 1), StandardCharsets.ISO_8859_1);
  }

  private static void repeat(List<String> parts, int word) {
    int from = parts.subList(0, word).lastIndexOf("\n") + 1;
    int length = parts.subList(from, parts.size()).indexOf("\n");
    int to = length < 0 ? parts.size() : from + length;
    List<String> line = new ArrayList<>(parts.subList(from, to));
    line.add(0, "\n");
    parts.addAll(to, line);
  }
}
