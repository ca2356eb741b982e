package dev.lanewise.engine.data;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a file is by its first bytes, in words: what has the wrong name is told by its right one.
 */
public final class Signature {
  /** Text in sixteen bits a character, as spreadsheets write it. */
  static final String UTF_16 = "text in UTF-16";

  private static final int SHOWN = 4;
  private static final int BOX = 4;

  private static final Map<String, String> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("89504e47", "a PNG picture");
    KINDS.put("ffd8ff", "a JPEG picture");
    KINDS.put("47494638", "a GIF picture");
    KINDS.put("424d", "a BMP picture");
    KINDS.put("49492a00", "a TIFF picture");
    KINDS.put("4d4d002a", "a TIFF picture");
    KINDS.put("49492b00", "a TIFF picture");
    KINDS.put("4d4d002b", "a TIFF picture");
    KINDS.put("52494646", "a RIFF file, such as a WebP picture");
    KINDS.put("00000100", "an icon");
    KINDS.put("0000000c6a502020", "a JPEG 2000 picture");
    KINDS.put("ff4fff51", "a JPEG 2000 picture");
    KINDS.put("ff0a", "a JPEG XL picture");
    KINDS.put("0000000c4a584c20", "a JPEG XL picture");
    KINDS.put("38425053", "a Photoshop picture");
    KINDS.put("25504446", "a PDF file");
    KINDS.put("504b0304", "a zip archive, such as .npz, .keras or .xlsx");
    KINDS.put("894844460d0a1a0a", "an HDF5 file, such as .h5");
    KINDS.put("934e554d5059", "a NumPy array, .npy");
    KINDS.put("1f8b", "gzipped data");
    KINDS.put("fd377a585a00", "xz data");
    KINDS.put("28b52ffd", "zstd data");
    KINDS.put("425a68", "bzip2 data");
    KINDS.put("377abcaf271c", "a 7z archive");
    KINDS.put("50415231", "a Parquet table");
    KINDS.put("d0cf11e0", "an old Office file, such as .xls");
    KINDS.put("8003", "pickled data");
    KINDS.put("8004", "pickled data");
    KINDS.put("8005", "pickled data");
    KINDS.put("efbbbf", "text");
    KINDS.put("fffe", UTF_16);
    KINDS.put("feff", UTF_16);
  }

  private Signature() {}

  /**
   * {@return the kind of a file, or its first bytes if they say nothing}
   *
   * @param file its first bytes at least
   */
  public static String of(byte[] file) {
    if (file.length == 0) {
      return "an empty file";
    }
    String hex = HexFormat.of().formatHex(file, 0, Math.min(file.length, 16));
    for (Map.Entry<String, String> kind : KINDS.entrySet()) {
      if (hex.startsWith(kind.getKey())) {
        return kind.getValue();
      }
    }
    if (hex.startsWith("66747970", 2 * BOX)) { // ISO's boxes: a size, then their name
      return "a HEIC or AVIF picture or a film";
    }
    int shown = Math.min(file.length, SHOWN);
    return isText(file) ? "text" : "bytes " + hex.substring(0, 2 * shown);
  }

  /** Returns whether the beginning could be of a table: letters, digits, signs. */
  private static boolean isText(byte[] file) {
    String start = new String(file, 0, Math.min(file.length, 64), StandardCharsets.ISO_8859_1);
    return start
        .chars()
        .allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\t' || c == '\n' || c == '\r');
  }
}
