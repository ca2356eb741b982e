package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.Edits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes to the sizes of arrays, whose data are cut or filled with zeros to fit. The first byte of
 * a change says which size, the second what it becomes.
 */
final class NpyEdits {
  private static final int LENGTH = 8;
  private static final int HEADER = 10;
  private static final long MOST_BYTES = 1 << 12;
  private static final Pattern SHAPE = Pattern.compile("'shape': \\(([0-9, ]*)\\)");
  private static final Pattern ELEMENT = Pattern.compile("'descr': '.[a-z]([1248])'");

  private NpyEdits() {}

  /** See {@link Edits.Editor}. */
  static byte[] edited(byte[] file, List<byte[]> edits) {
    byte[] edited = file;
    for (byte[] edit : edits) {
      edited = edited(edited, Edits.number(edit, 0), Edits.number(edit, 1));
    }
    return edited;
  }

  private static byte[] edited(byte[] file, int which, int size) {
    int end = HEADER + (Edits.number(file, LENGTH) | Edits.number(file, LENGTH + 1) << 8);
    if (file.length < HEADER || file[6] != 1 || end > file.length) {
      return file;
    }
    String header = new String(file, HEADER, end - HEADER, StandardCharsets.ISO_8859_1);
    Matcher shape = SHAPE.matcher(header);
    Matcher element = ELEMENT.matcher(header);
    if (!shape.find() || !element.find()) {
      return file;
    }
    List<Long> sizes = new ArrayList<>();
    for (String each : shape.group(1).split("[, ]+")) {
      if (!each.isEmpty() && each.length() < 6) {
        sizes.add(Long.parseLong(each));
      }
    }
    if (sizes.isEmpty()) {
      return file;
    }
    sizes.set(which % sizes.size(), (long) size);
    long bytes = Long.parseLong(element.group(1));
    StringBuilder text = new StringBuilder();
    for (long each : sizes) {
      bytes = Math.min(bytes * each, MOST_BYTES);
      text.append(each).append(", ");
    }
    String changed = header.substring(0, shape.start(1)) + text + header.substring(shape.end(1));
    byte[] array = new byte[HEADER + changed.length() + (int) bytes];
    System.arraycopy(file, 0, array, 0, LENGTH);
    array[LENGTH] = (byte) changed.length();
    array[LENGTH + 1] = (byte) (changed.length() >> 8);
    byte[] head = changed.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(head, 0, array, HEADER, head.length);
    byte[] data = Arrays.copyOfRange(file, end, file.length);
    System.arraycopy(data, 0, array, HEADER + head.length, Math.min(data.length, (int) bytes));
    return array;
  }
}
