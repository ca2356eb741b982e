package dev.lanewise.engine.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whole files, read once their size is known. */
final class DataFiles {
  private DataFiles() {}

  /**
   * Returns a file's bytes.
   *
   * @throws FormatException if it is missing, no regular file, or too large
   */
  static byte[] read(Path file) {
    if (Files.isDirectory(file)) {
      throw new FormatException(file + ": expected a file, found a folder");
    }
    if (!Files.exists(file)) {
      throw new FormatException(file + ": no such file");
    }
    if (!Files.isRegularFile(file)) {
      // Either may have no end.
      throw new FormatException(file + ": expected a file, found a device or a pipe");
    }
    try {
      long size = Files.size(file);
      if (size > Integer.MAX_VALUE - 8) {
        throw new FormatException(file + ": has " + size + " bytes, at most 2 GiB are read");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
