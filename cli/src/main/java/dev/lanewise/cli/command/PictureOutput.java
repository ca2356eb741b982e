package dev.lanewise.cli.command;

import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.engine.checkpoint.AtomicFile;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The file that {@code --out} names for a picture. */
final class PictureOutput {
  private PictureOutput() {}

  /** Refuses other formats, and a place that cannot be written, before anything is read. */
  static void check(CommandLine command, @Nullable Path file) {
    if (file != null) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      OptionRange.require(
          command,
          name.endsWith(".png") || name.endsWith(".svg"),
          "--out must end with .png or .svg, found " + file);
      AtomicFile.requireReplaceable(file);
    }
  }

  /** Writes a picture and prints where. */
  static void write(Path file, byte[] picture) {
    AtomicFile.replace(file, picture);
    System.out.println(file);
  }
}
