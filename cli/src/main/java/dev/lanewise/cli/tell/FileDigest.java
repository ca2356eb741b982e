package dev.lanewise.cli.tell;

import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a file, as sha256sum prints it. */
public final class FileDigest {
  private FileDigest() {}

  public static String sha256(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Storage.disk().read(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + Reason.of(e), e);
    }
  }
}
