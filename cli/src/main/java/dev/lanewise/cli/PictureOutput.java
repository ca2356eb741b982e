package dev.lanewise.cli;

import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.checkpoint.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The file that {@code --out} names for a picture. */
final class PictureOutput {
  private PictureOutput() {}

  /** Refuses other formats before anything is read. */
  static void check(CommandLine command, @Nullable Path file) {
    if (file != null) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      OptionRange.require(
          command,
          name.endsWith(".png") || name.endsWith(".svg"),
          "--out must end with .png or .svg, found " + file);
    }
  }

  /** Writes a picture and prints where. */
  static void write(Path file, byte[] picture) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new UncheckedIOException(
          file + ": cannot be written: there is no folder " + folder,
          new IOException("no such folder"));
    }
    try {
      AtomicFile.write(Storage.disk(), file, picture);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
    }
    System.out.println(file);
  }
}
