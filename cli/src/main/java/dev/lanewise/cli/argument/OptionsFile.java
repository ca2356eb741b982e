package dev.lanewise.cli.argument;

import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A file with a part of the command line, as text. */
final class OptionsFile {
  private static final int MOST_BYTES = 1 << 20;

  private OptionsFile() {}

  /**
   * Returns a file's text.
   *
   * @param named how it was named on the command line, for messages
   * @throws ParameterException if it is no file in UTF-8, or larger than any list of options
   */
  static String text(CommandLine command, String named, String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MOST_BYTES) {
        throw refused(command, named, "is larger than any list of options (1 MiB)");
      }
      return text(command, named, Storage.disk().read(path));
    } catch (NoSuchFileException e) {
      throw refused(command, named, "no such file");
    } catch (IOException e) {
      throw refused(command, named, "cannot be read: " + Reason.of(e));
    } catch (InvalidPathException e) {
      throw refused(command, named, "is no name of a file: " + e.getReason());
    }
  }

  /** Returns a file's bytes as text. */
  static String text(CommandLine command, String named, byte[] file) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      throw refused(command, named, "expected text in UTF-8, found other bytes");
    }
  }

  static ParameterException refused(CommandLine command, String named, String why) {
    return new ParameterException(command, named + ": " + why);
  }
}
